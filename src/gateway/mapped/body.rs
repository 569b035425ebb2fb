//! From bytes to a value: JSON, a form, or a form of several parts. Which it is the header says, and
//! where it says nothing or lies, the bytes.

use serde_json::{Map, Value};

use crate::gateway::onebot::wire;

/// Most fields of a form.
const FIELDS: usize = 256;

/// The value of a body, if it is one.
pub(super) fn read(kind: Option<&str>, body: &[u8]) -> Option<Value> {
    let start = body.trim_ascii_start();
    if start.starts_with(b"{") || start.starts_with(b"[") {
        return wire::text(start);
    }
    let kind = kind.unwrap_or_default();
    if start.starts_with(b"--") || kind.starts_with("multipart/form-data") {
        return parts(body).map(Value::Object);
    }
    // Anything is a form of one field without a value; that is not meant.
    if !body.contains(&b'=') {
        return None;
    }
    let mut fields = Map::new();
    for (name, value) in form_urlencoded::parse(body.trim_ascii()).take(FIELDS) {
        fields.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    Some(Value::Object(fields))
}

/// The texts of a form of several parts; files are left out. The boundary is the first line.
fn parts(body: &[u8]) -> Option<Map<String, Value>> {
    let start = find(body, b"--")?;
    let body = &body[start..];
    let line = find(body, b"\r\n").filter(|end| (3..=80).contains(end))?;
    let boundary = &body[..line];
    let mut fields = Map::new();
    let mut rest = &body[line..];
    while fields.len() < FIELDS {
        let Some(end) = find(rest, boundary) else {
            break;
        };
        let part = rest[..end].strip_prefix(b"\r\n").unwrap_or(&rest[..end]);
        let part = part.strip_suffix(b"\r\n").unwrap_or(part);
        if let Some((name, value)) = field(part) {
            fields.insert(name, Value::String(value));
        }
        rest = &rest[end + boundary.len()..];
    }
    Some(fields)
}

fn field(part: &[u8]) -> Option<(String, String)> {
    let end = find(part, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(&part[..end]);
    if head.contains("filename=") {
        return None;
    }
    let name = head.split("name=\"").nth(1)?.split('"').next()?;
    let value = String::from_utf8_lossy(&part[end + 4..]).into_owned();
    Some((name.to_owned(), value))
}

fn find(within: &[u8], what: &[u8]) -> Option<usize> {
    within.windows(what.len()).position(|window| window == what)
}

/// Reads the texts at these pointers as JSON, in their places.
pub(super) fn parse(value: &mut Value, pointers: &[String]) {
    for pointer in pointers {
        if let Some(place) = value.pointer_mut(pointer)
            && let Value::String(text) = place
            && let Ok(inner) = serde_json::from_str::<Value>(text)
            && (inner.is_object() || inner.is_array())
        {
            *place = inner;
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn json_and_forms_are_told_apart_by_their_bytes() {
        let expected = json!({"a": "停 电", "b": "1"});
        let form = b"a=%E5%81%9C+%E7%94%B5&b=1";
        assert_eq!(read(None, form), Some(expected.clone()));
        let parts = "--x1\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n停 电\r\n--x1\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a.jpg\"\r\n\r\n\u{0}\r\n--x1\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n1\r\n--x1--\r\n";
        let kind = Some("multipart/form-data; boundary=x1");
        assert_eq!(read(kind, parts.as_bytes()), Some(expected.clone()));
        assert_eq!(read(None, parts.as_bytes()), Some(expected));
        let lying = Some("application/x-www-form-urlencoded");
        assert_eq!(read(lying, b" {\"a\":1}"), Some(json!({"a": 1})));
        assert_eq!(read(None, "停电了".as_bytes()), None);
    }

    #[test]
    fn text_that_is_json_is_read_in_its_place() {
        let mut value = json!({"s": "{\"a\":[1]}", "t": "12"});
        parse(
            &mut value,
            &["/s".to_owned(), "/t".to_owned(), "/u".to_owned()],
        );
        assert_eq!(value, json!({"s": {"a": [1]}, "t": "12"}));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300), part in ".{0,60}") {
            let _ = read(None, &bytes);
            let text = format!("--b\r\n{part}\r\n--b\r\nname=\"\r\n\r\n{part}--b");
            let _ = read(None, text.as_bytes());
        }
    }
}
