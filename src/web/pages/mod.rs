//! The pages: one file a page family, each page a struct beside its handler, drawn by the template of the same name.

pub(super) mod about;
pub(super) mod acknowledge;
pub(super) mod basket;
pub(super) mod case;
pub(super) mod case_new;
mod case_words;
pub(super) mod copies;
pub(super) mod dataset;
pub(super) mod datasets;
pub(super) mod evidence;
pub(super) mod home;
pub(super) mod image;
pub(super) mod matching;
mod picture_answer;
mod picture_view;
mod places;
pub(super) mod private;
pub(super) mod record;
pub(super) mod remote_picture;
pub(super) mod reservations;
pub(super) mod review;
pub(super) mod search;
mod search_filters;
pub(super) mod transparency;
pub(super) mod verify;
