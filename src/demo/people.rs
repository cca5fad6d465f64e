//! The invented people of the demo. They recur across its datasets under their name, handle, account and domain, so
//! that one search finds a person in several places. None of them exists; hosts end in `.example`, a reserved name.

/// One invented person and the names they go by.
#[derive(Debug, Clone, Copy)]
pub struct Person {
    pub name: &'static str,
    /// The name as file paths spell it.
    pub slug: &'static str,
    /// On Bluesky-like services.
    pub handle: &'static str,
    pub did: &'static str,
    /// On Reddit-like services, without `u/`.
    pub reddit: &'static str,
    pub site: &'static str,
    pub craft: &'static str,
    pub town: &'static str,
}

/// The person whom the demo's examples look for.
pub const MIRA: &Person = &PEOPLE[0];

#[rustfmt::skip]
pub const PEOPLE: [Person; 8] = [
    Person { name: "Mira Okonkwo-Lindqvist", slug: "mira-okonkwo-lindqvist", handle: "mira.example", did: "did:plc:tidewatermira2k7oqx4vhb3", reddit: "tidewater_mira", site: "miraokonkwo.example", craft: "linocut", town: "Veldermoor" },
    Person { name: "Teodor Vaszary-Bell", slug: "teodor-vaszary-bell", handle: "teo.vaszarybell.example", did: "did:plc:bellweather5teo3zq6n2jfw", reddit: "bellweather_teo", site: "vaszarybell.example", craft: "watercolour", town: "Skarrow" },
    Person { name: "Sunniva Achterberg-Oyelaran", slug: "sunniva-achterberg-oyelaran", handle: "sunniva.example", did: "did:plc:sunnyside4h7v2xkqp3d6rya", reddit: "sunnivapaints", site: "achterberg-oyelaran.example", craft: "oil painting", town: "Hesselvik" },
    Person { name: "Ravindra Pell-Castellanos", slug: "ravindra-pell-castellanos", handle: "ravi.pell.example", did: "did:plc:pellmell6r2c5w7xjnu4ktqb", reddit: "pellmell_ravi", site: "ravipell.example", craft: "photograph", town: "Port Ainslow" },
    Person { name: "Jolanta Brackenmoor-Ito", slug: "jolanta-brackenmoor-ito", handle: "jolanta.example", did: "did:plc:bracken3m5xot7zw2qiyj4gh", reddit: "bracken_and_ink", site: "brackenmoor-ito.example", craft: "ink drawing", town: "Tamberley" },
    Person { name: "Emeka Fjordhagen", slug: "emeka-fjordhagen", handle: "emeka.fjordhagen.example", did: "did:plc:fjord2hagen6emk7yqw4s3xv", reddit: "fjordhagen_prints", site: "fjordhagen.example", craft: "etching", town: "Nordelay" },
    Person { name: "Aurelia Thistlewood-Marchetti", slug: "aurelia-thistlewood-marchetti", handle: "aurelia.example", did: "did:plc:thistle4aur2wqk6zjy3v7cp", reddit: "thistle_aurelia", site: "thistlewood-marchetti.example", craft: "pastel", town: "Quenby St. Ives Minor" },
    Person { name: "Kazimir Ondraszek-Hale", slug: "kazimir-ondraszek-hale", handle: "kaz.example", did: "did:plc:ondrasz3k6hale2w7qyx4nvb", reddit: "kaz_ondra", site: "ondraszek-hale.example", craft: "woodcut", town: "Marrowick" },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_account_has_the_form_its_service_gives() {
        for person in PEOPLE {
            let id = person.did.strip_prefix("did:plc:").unwrap();
            assert_eq!(id.len(), 24, "{}", person.did);
            assert!(id.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'2'..=b'7')), "{}", person.did);
            assert!(person.site.ends_with(".example") && person.handle.ends_with(".example"));
            assert!((3..=20).contains(&person.reddit.len()), "{}", person.reddit);
        }
    }
}
