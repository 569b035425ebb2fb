//! Who may bring messages: an address that is allowed, the token, the signature. All three are looked at
//! before anybody is turned away, so that how long it takes tells nothing.

use std::net::IpAddr;

use axum::http::{HeaderMap, StatusCode, header};
use hmac::{Hmac, KeyInit, Mac};
use secrecy::ExposeSecret;
use sha1::Sha1;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use crate::config::webhook::{Entrance, Hash, Signature, Token};

/// Whether a request may come in.
///
/// # Errors
///
/// 401 when something is missing, 403 when it is wrong.
pub(super) fn admit(
    entrance: &Entrance,
    caller: IpAddr,
    (headers, query): (&HeaderMap, Option<&str>),
    body: &[u8],
) -> Result<(), StatusCode> {
    let token = entrance.token.as_ref();
    let token = token.map_or(Ok(()), |token| shown(token, headers, query));
    let signature = entrance.signature.as_ref();
    let signature = signature.map_or(Ok(()), |signature| signed(signature, headers, body));
    let caller = caller.to_canonical();
    if !entrance.allow.is_empty() && !entrance.allow.contains(&caller) {
        return Err(StatusCode::FORBIDDEN);
    }
    token.and(signature)
}

fn shown(token: &Token, headers: &HeaderMap, query: Option<&str>) -> Result<(), StatusCode> {
    let in_header = match &token.header {
        Some(name) => headers.get(name.as_str()).and_then(|it| it.to_str().ok()),
        None => headers
            .get(header::AUTHORIZATION)
            .and_then(|it| it.to_str().ok())
            .and_then(|it| it.split_once(' ').map(|(_, token)| token.trim())),
    };
    let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let in_query = pairs.find_map(|(name, value)| (name == *token.query).then_some(value));
    let offered = in_header.or(in_query.as_deref());
    let compared = offered.unwrap_or_default().as_bytes();
    let expected = token.token.expose_secret().as_bytes();
    let same: bool = compared.ct_eq(expected).into();
    verdict(offered.is_some(), same)
}

fn signed(signature: &Signature, headers: &HeaderMap, body: &[u8]) -> Result<(), StatusCode> {
    let claimed = headers.get(signature.header.as_str());
    let claimed = claimed.and_then(|it| it.to_str().ok());
    let digits = claimed.map(|claimed| {
        let prefixes = ["sha1=", "sha256="];
        let bare = prefixes.iter().find_map(|it| claimed.strip_prefix(it));
        bare.unwrap_or(claimed)
    });
    let offered = digits.and_then(unhex).unwrap_or_default();
    let key = signature.secret.expose_secret().as_bytes();
    let same = match signature.hash {
        Hash::Sha1 => verify(Hmac::<Sha1>::new_from_slice(key), &offered, body),
        Hash::Sha256 => verify(Hmac::<Sha256>::new_from_slice(key), &offered, body),
    };
    verdict(claimed.is_some(), same)
}

fn verify<M: Mac, E: std::fmt::Debug>(mac: Result<M, E>, offered: &[u8], body: &[u8]) -> bool {
    let mut mac = mac.expect("HMAC takes a key of any length");
    mac.update(body);
    mac.verify_slice(offered).is_ok()
}

fn verdict(offered: bool, same: bool) -> Result<(), StatusCode> {
    match (offered, same) {
        (_, true) => Ok(()),
        (false, false) => Err(StatusCode::UNAUTHORIZED),
        (true, false) => Err(StatusCode::FORBIDDEN),
    }
}

fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits = digits.as_bytes();
    if digits.len() > 128 || !digits.len().is_multiple_of(2) {
        return None;
    }
    let digit = |it: u8| char::from(it).to_digit(16);
    let byte = |pair: &[u8]| u8::try_from(digit(pair[0])? * 16 + digit(pair[1])?).ok();
    digits.chunks(2).map(byte).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &'static str, value: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(name, value.parse().expect("a header"));
        headers
    }

    #[test]
    fn a_body_is_let_in_by_its_signature_alone() {
        // RFC 4231, test case 2, and RFC 2202, test case 2.
        let body = b"what do ya want for nothing?";
        for (hash, right) in [
            (
                Hash::Sha256,
                "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
            ),
            (Hash::Sha1, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"),
        ] {
            let signature = Signature {
                secret: "Jefe".into(),
                header: "X-Sign".to_owned(),
                hash,
            };
            let check = |headers: &HeaderMap, body: &[u8]| signed(&signature, headers, body);
            assert_eq!(check(&headers("x-sign", right), body), Ok(()));
            assert_eq!(
                check(&HeaderMap::new(), body),
                Err(StatusCode::UNAUTHORIZED)
            );
            for wrong in ["", "sha256=", "00", "zz", &right[..right.len() - 1]] {
                let answered = check(&headers("x-sign", wrong), body);
                assert_eq!(answered, Err(StatusCode::FORBIDDEN), "{wrong}");
            }
            assert!(check(&headers("x-sign", right), b"another").is_err());
        }
    }

    #[test]
    fn a_token_is_found_where_it_is_said_to_be() {
        let token = |header: Option<&str>| Token {
            token: "open-sesame".into(),
            header: header.map(str::to_owned),
            query: "key".to_owned(),
        };
        let bearer = headers("authorization", "Bearer open-sesame");
        assert_eq!(shown(&token(None), &bearer, None), Ok(()));
        let own = headers("x-api-key", "open-sesame");
        assert_eq!(shown(&token(Some("X-Api-Key")), &own, None), Ok(()));
        let none = HeaderMap::new();
        assert_eq!(
            shown(&token(None), &none, Some("a=1&key=open%2Dsesame")),
            Ok(())
        );
        assert_eq!(
            shown(&token(None), &none, None),
            Err(StatusCode::UNAUTHORIZED)
        );
        let wrong = Some("key=open-sesam");
        assert_eq!(
            shown(&token(None), &none, wrong),
            Err(StatusCode::FORBIDDEN)
        );
    }
}
