//! The API's document holds what the API really answers: every address, every member, every type.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Answer;
use super::data::{picture, smaller_picture};
use super::evidence::matched_evidence;
use super::server::visitor;
use super::surfaces::record_id;

pub(super) struct Document(Value);

impl Document {
    pub(super) fn fetch() -> Self {
        Self(visitor().get("/api/openapi.json").expect(200).json())
    }

    /// What a value refers to, in the end.
    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str() {
            Some(reference) => {
                let found = self.0.pointer(reference.trim_start_matches('#'));
                self.resolve(found.unwrap_or_else(|| panic!("{reference} leads nowhere")))
            }
            None => value,
        }
    }

    /// Checks one real answer against what the document says of its address.
    pub(super) fn check(&self, path: &str, method: &str, answer: &Answer) {
        let operation = &self.0["paths"][path][method];
        assert!(operation.is_object(), "{method} {path} is not described");
        let response = self.resolve(&operation["responses"][answer.status.to_string()]);
        assert!(response.is_object(), "{}: {} is not described", answer.asked, answer.status);
        let media_type = answer.header("content-type").unwrap();
        let schema = &response["content"][media_type]["schema"];
        assert!(schema.is_object(), "{}: {media_type} is not described", answer.asked);
        self.fits(&answer.json(), schema, &answer.asked);
    }

    /// The members of an object, those of all its parts together.
    fn members<'a>(&'a self, schema: &'a Value, all: &mut BTreeMap<&'a str, &'a Value>, required: &mut Vec<&'a str>) {
        let schema = self.resolve(schema);
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.members(part, all, required);
        }
        all.extend(schema["properties"].as_object().into_iter().flatten().map(|(name, value)| (name.as_str(), value)));
        required.extend(schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
    }

    fn fits(&self, value: &Value, schema: &Value, place: &str) {
        // A reference may stand beside a description; what it leads to is what counts.
        let schema = self.resolve(schema);
        if let Some(choices) = schema["enum"].as_array() {
            assert!(choices.contains(value), "{place}: {value} is none of {choices:?}");
        }
        if schema["pattern"] == "^[0-9]+$" {
            let text = value.as_str().unwrap_or_else(|| panic!("{place}: {value} is no string"));
            assert!(!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()), "{place}: {value}");
        }
        let types: Vec<_> = match &schema["type"] {
            Value::String(one) => vec![one.as_str()],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => vec!["object"],
        };
        let kind = match value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(number) if number.is_u64() && types.contains(&"integer") => "integer",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        };
        assert!(types.contains(&kind), "{place}: {value} is no {types:?}");
        match value {
            Value::Array(items) => {
                for (i, item) in items.iter().enumerate() {
                    let of_item =
                        if schema["items"].is_object() { &schema["items"] } else { &schema["prefixItems"][i] };
                    assert!(of_item.is_object(), "{place}[{i}] is not described");
                    self.fits(item, of_item, &format!("{place}[{i}]"));
                }
            }
            Value::Object(object) => {
                let (mut all, mut required) = (BTreeMap::new(), Vec::new());
                self.members(schema, &mut all, &mut required);
                for name in required {
                    assert!(object.contains_key(name), "{place}: “{name}” is missing: {value}");
                }
                for (name, member) in object {
                    let of_member = all.get(name.as_str()).copied().unwrap_or(&schema["additionalProperties"]);
                    assert!(of_member.is_object(), "{place}: “{name}” is not described");
                    self.fits(member, of_member, &format!("{place}.{name}"));
                }
            }
            _ => {}
        }
    }
}

#[test]
fn the_document_is_openapi_and_whole() {
    let document = Document::fetch();
    assert_eq!(document.0["openapi"], "3.1.0");
    assert!(document.0["info"]["title"].is_string() && document.0["info"]["version"].is_string());
    let mut names = Vec::new();
    for (path, item) in document.0["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            names.push(operation["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no name")));
            for parameter in operation["parameters"].as_array().into_iter().flatten() {
                let parameter = document.resolve(parameter);
                let name = parameter["name"].as_str().unwrap();
                assert_eq!(parameter["in"] == "path", path.contains(&format!("{{{name}}}")), "{path}: {name}");
            }
            for (status, response) in operation["responses"].as_object().unwrap() {
                let response = document.resolve(response);
                assert!(response["description"].is_string(), "{path}: {status}");
            }
        }
    }
    let n_names = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), n_names, "two operations have one name");
}

#[test]
fn every_real_answer_is_as_the_document_says() {
    let client = visitor();
    let document = Document::fetch();
    let id = record_id(&client);
    let post = client.search("/api/v1/search", &[("q", "number9")]).json();
    let post_id = post["hits"][0]["id"].as_str().unwrap().to_owned();
    for (path, asked) in [
        ("/api/v1/datasets", "/api/v1/datasets".to_owned()),
        ("/api/v1/datasets/{slug}", "/api/v1/datasets/posts".to_owned()),
        ("/api/v1/datasets/{slug}", "/api/v1/datasets/gallery".to_owned()),
        ("/api/v1/datasets/{slug}", "/api/v1/datasets/hostile".to_owned()),
        ("/api/v1/datasets/{slug}", "/api/v1/datasets/none".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=lantern".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=%40ada.bsky.social+lantern+-sky".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=number7+number8".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=zeppelin".to_owned()),
        ("/api/v1/search", "/api/v1/search?domain=attic.example&after=2024&before=2025&lang=en&limit=200".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=%22striped+lantern%22&dataset=posts&as=words&match=any".to_owned()),
        ("/api/v1/search", "/api/v1/search".to_owned()),
        ("/api/v1/search", "/api/v1/search?q=x&dataset=none".to_owned()),
        ("/api/v1/records/{id}", format!("/api/v1/records/{id}")),
        ("/api/v1/records/{id}", format!("/api/v1/records/{post_id}")),
        ("/api/v1/records/{id}", "/api/v1/records/none".to_owned()),
        ("/api/v1/records/{id}/evidence", format!("/api/v1/records/{post_id}/evidence")),
        ("/api/v1/records/{id}/evidence", matched_evidence(&client)),
        ("/api/v1/records/{id}/evidence", format!("/api/v1/records/{id}/evidence?format=xml")),
        ("/api/v1/records/{id}/evidence", "/api/v1/records/none/evidence".to_owned()),
        ("/api/v1/search/evidence", "/api/v1/search/evidence?q=lantern&dataset=posts".to_owned()),
        ("/api/v1/search/evidence", "/api/v1/search/evidence?q=zeppelin".to_owned()),
        ("/api/v1/search/evidence", "/api/v1/search/evidence".to_owned()),
    ] {
        document.check(path, "get", &client.get(&asked));
    }
    let pictures: &[(&str, &[u8])] = &[("a.jpg", &picture(0)), ("b.jpg", &smaller_picture(1)), ("c.jpg", b"none")];
    let six: Vec<_> = (0..6).map(|_| ("a", &b"x"[..])).collect();
    let hashes = json!({"queries": [{"name": "a", "hashes": {"sha256": "00".repeat(32), "pdqa": ["00".repeat(32)]}}]});
    for answer in [
        client.post_pictures("/api/v1/match", pictures),
        client.post_json("/api/v1/match", &hashes),
        client.post_json("/api/v1/match", &json!([])),
        client.post_pictures("/api/v1/match", &six),
        client.post("/api/v1/match", &[("content-type", "text/plain")], b"x"),
        client.post("/api/v1/match", &[("sec-fetch-site", "cross-site")], b"x"),
    ] {
        document.check("/api/v1/match", "post", &answer);
    }
}

#[test]
fn the_bounds_of_the_document_are_those_of_the_server() {
    let client = visitor();
    let document = Document::fetch();
    for (path, method, asked) in
        [("/api/v1/search", "get", "/api/v1/search?q=x&"), ("/api/v1/match", "post", "/api/v1/match?")]
    {
        for parameter in document.0["paths"][path][method]["parameters"].as_array().unwrap() {
            let name = parameter["name"].as_str().unwrap();
            let schema = &parameter["schema"];
            let (Some(least), Some(most)) = (schema["minimum"].as_i64(), schema["maximum"].as_i64()) else { continue };
            let body = json!({"queries": [{"hashes": {"sha256": "00".repeat(32)}}]});
            let ask = |value: i64| {
                let asked = format!("{asked}{name}={value}");
                if method == "get" { client.get(&asked) } else { client.post_json(&asked, &body) }
            };
            ask(least).expect(200);
            ask(most).expect(200);
            ask(least - 1).expect(400);
            ask(most + 1).expect(400);
        }
    }
}
