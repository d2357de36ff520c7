//! Tests of link detection: the texts for which the rules were made, and what must hold for any text.

use std::net::Ipv6Addr;

use madang_common::text::{
    characters::is_invisible,
    links::{Piece, pieces},
};
use proptest::prelude::*;
use url::{Host, Url};

/// A text and the links in it, in their order.
const TEXTS: &[(&str, &[&str])] = &[
    // In a sentence.
    ("see https://example.org/a?b=c#d.", &["https://example.org/a?b=c#d"]),
    ("(http://example.org/x_(y)), and", &["http://example.org/x_(y)"]),
    ("HTTPS://A.example http://b.example", &["HTTPS://A.example", "http://b.example"]),
    ("Is it https://example.com?", &["https://example.com"]),
    ("https://example.com!", &["https://example.com"]),
    ("https://example.com.", &["https://example.com"]),
    ("https://example.com...", &["https://example.com"]),
    ("https://example.com/…", &["https://example.com/"]),
    ("https://example.com/a, https://example.com/b", &["https://example.com/a", "https://example.com/b"]),
    ("[text](https://example.com/a)다음", &["https://example.com/a"]),
    ("**https://example.com/a**", &["https://example.com/a"]),
    ("'https://example.com/it's'", &["https://example.com/it's"]),
    ("<https://example.com/a>", &["https://example.com/a"]),
    ("“https://example.com/a” — he said", &["https://example.com/a"]),
    ("https://example.com/a—b", &["https://example.com/a"]),
    ("https://example.com/a→https://example.com/b", &["https://example.com/a", "https://example.com/b"]),
    ("line\nhttps://example.com/a\nline", &["https://example.com/a"]),
    // Korean particles and endings.
    ("https://www.google.com에서 찾아보세요.", &["https://www.google.com"]),
    ("https://naver.com을 열어요", &["https://naver.com"]),
    ("http://localhost:3000에서 돌아요", &["http://localhost:3000"]),
    ("http://localhost에서 돌아요", &["http://localhost"]),
    ("http://192.168.0.1에서", &["http://192.168.0.1"]),
    ("https://example.com에서.찾아", &["https://example.com"]),
    ("주소는https://example.com입니다", &["https://example.com"]),
    ("https://example.com/guide에서 읽어요", &["https://example.com/guide"]),
    ("https://example.com/guide를, 그리고", &["https://example.com/guide"]),
    ("https://example.com/에서 봐요", &["https://example.com/"]),
    ("https://example.com/a?b=1입니다.", &["https://example.com/a?b=1"]),
    ("(https://example.com/a)에서", &["https://example.com/a"]),
    ("https://한글.한국에서 만나요", &["https://한글.한국"]),
    ("http://nas에서", &["http://nas"]),
    ("https://example.com查看", &["https://example.com"]),
    ("https://example.jpで読む", &["https://example.jp"]),
    ("https://www.google.com이라는 곳", &["https://www.google.com"]),
    ("https://example.comㅋㅋㅋ", &["https://example.com"]),
    ("https://example.com👍", &["https://example.com"]),
    ("https://example.com입니다.감사합니다", &["https://example.com"]),
    ("https://example.com에서.I think", &["https://example.com"]),
    ("https://한글.한국에서.찾아요", &["https://한글.한국"]),
    ("https://한글.한국ㅋㅋ", &["https://한글.한국"]),
    ("https://한글.한국abc", &["https://한글.한국abc"]),
    ("https://пример.рф에서.찾아요", &["https://пример.рф"]),
    ("https://xn--bj0bj06e.xn--3e0b707e에서.찾아요", &["https://xn--bj0bj06e.xn--3e0b707e"]),
    ("http://nas에서.찾아요", &["http://nas"]),
    ("https://example.co.thครับ", &["https://example.co.th"]),
    ("https://例え.テスト에서", &["https://例え.テスト"]),
    ("https://例え.コムで読む", &["https://例え.コム"]),
    ("https://naver.com이랑google.com", &["https://naver.com"]),
    ("https://example.com입니다.README.md", &["https://example.com"]),
    // The same behind a path.
    ("https://example.com/guide라는 글", &["https://example.com/guide"]),
    ("https://example.com/guide이라는 글", &["https://example.com/guide"]),
    ("https://example.com/guide에서만 돼요", &["https://example.com/guide"]),
    ("https://example.com/guide으로도", &["https://example.com/guide"]),
    ("https://example.com/guide까지도", &["https://example.com/guide"]),
    ("https://example.com/guide인데요", &["https://example.com/guide"]),
    ("https://example.com/guide네요.", &["https://example.com/guide"]),
    ("https://example.com/guide이죠?", &["https://example.com/guide"]),
    ("https://example.com/guide로부터", &["https://example.com/guide"]),
    ("https://example.com/guide에서?", &["https://example.com/guide"]),
    ("https://example.com/guide보세요!!", &["https://example.com/guide"]),
    ("https://example.com/guide을/를", &["https://example.com/guide"]),
    ("https://youtu.be/watch?v=dQw4w9WgXcQ라는 영상", &["https://youtu.be/watch?v=dQw4w9WgXcQ"]),
    ("https://example.com/a#top에서", &["https://example.com/a#top"]),
    ("https://example.com/%EB%A7%88%EB%8B%B9에서", &["https://example.com/%EB%A7%88%EB%8B%B9"]),
    ("'https://example.com/a'에서", &["https://example.com/a"]),
    ("**https://example.com/a**에서", &["https://example.com/a"]),
    ("https://example.com/docs/에서 봐요", &["https://example.com/docs/"]),
    ("https://example.com/docs/에서만 봐요", &["https://example.com/docs/"]),
    ("https://example.com/docs/를 봐요", &["https://example.com/docs/"]),
    ("https://example.com/docs/라는 곳", &["https://example.com/docs/"]),
    ("https://example.com/a查看", &["https://example.com/a"]),
    ("https://example.com/aで読む", &["https://example.com/a"]),
    ("https://example.com/aครับ", &["https://example.com/a"]),
    ("https://example.com/마당/guide에서", &["https://example.com/마당/guide"]),
    ("https://en.wikipedia.org/wiki/Foo_(bar)에서", &["https://en.wikipedia.org/wiki/Foo_(bar)"]),
    ("https://en.wikipedia.org/wiki/Madang에서만", &["https://en.wikipedia.org/wiki/Madang"]),
    ("https://en.wikipedia.org/wiki/Madang#Name라는", &["https://en.wikipedia.org/wiki/Madang#Name"]),
    ("https://ko.wikipedia.org/wiki/마당입니다.", &["https://ko.wikipedia.org/wiki/마당"]),
    ("https://한글.com/문서이에요", &["https://한글.com/문서"]),
    // Asides.
    ("https://example.com/guideㅋㅋ", &["https://example.com/guide"]),
    ("https://example.com/guideㅎㅎ 봐", &["https://example.com/guide"]),
    ("https://example.com/문서ㅠㅠ", &["https://example.com/문서"]),
    ("https://example.com/ㅋㅋ", &["https://example.com/"]),
    ("https://example.com/guide👍", &["https://example.com/guide"]),
    ("https://example.com/guide❤\u{fe0f}", &["https://example.com/guide"]),
    ("https://example.com/👍🏽", &["https://example.com/"]),
    ("https://example.com/guide~", &["https://example.com/guide"]),
    ("https://example.com/guide~~!", &["https://example.com/guide"]),
    ("https://example.com/guide^^;", &["https://example.com/guide"]),
    // Other scripts that stay whole.
    ("https://ko.wikipedia.org/wiki/마당", &["https://ko.wikipedia.org/wiki/마당"]),
    ("https://ko.wikipedia.org/wiki/은", &["https://ko.wikipedia.org/wiki/은"]),
    ("https://ko.wikipedia.org/wiki/C언어", &["https://ko.wikipedia.org/wiki/C언어"]),
    ("https://ko.example/위키 참고", &["https://ko.example/위키"]),
    ("https://한글.com/문서", &["https://한글.com/문서"]),
    ("https://1004한글.com/문서", &["https://1004한글.com/문서"]),
    ("https://www.마당.한국", &["https://www.마당.한국"]),
    ("https://例え.テスト/名前", &["https://例え.テスト/名前"]),
    ("https://münchen.example/straße", &["https://münchen.example/straße"]),
    ("https://пример.рф", &["https://пример.рф"]),
    ("https://xn--bj0bj06e.com/", &["https://xn--bj0bj06e.com/"]),
    ("https://ja.wikipedia.org/wiki/ジョン・レノン", &["https://ja.wikipedia.org/wiki/ジョン・レノン"]),
    ("https://www.fußball.de", &["https://www.fußball.de"]),
    ("https://fußball.de에서", &["https://fußball.de"]),
    ("https://bücher.example", &["https://bücher.example"]),
    ("https://www.bücher.example/a", &["https://www.bücher.example/a"]),
    ("https://www.stände.de/rathaus", &["https://www.stände.de/rathaus"]),
    ("https://www.münchen.de/rathaus", &["https://www.münchen.de/rathaus"]),
    ("https://beispiel.vermögensberatung", &["https://beispiel.vermögensberatung"]),
    ("https://www.société.example:8080", &["https://www.société.example:8080"]),
    ("https://пример.испытание", &["https://пример.испытание"]),
    ("https://www.пример.испытание/путь", &["https://www.пример.испытание/путь"]),
    ("https://παράδειγμα.ελ", &["https://παράδειγμα.ελ"]),
    ("https://例え.テスト", &["https://例え.テスト"]),
    ("https://www.例え.テスト", &["https://www.例え.テスト"]),
    ("https://www.한국abc.com", &["https://www.한국abc.com"]),
    ("https://www.abc한국.com/문서", &["https://www.abc한국.com/문서"]),
    ("https://www.kbs뉴스.co.kr에서", &["https://www.kbs뉴스.co.kr"]),
    ("https://kbs뉴스.한국", &["https://kbs뉴스.한국"]),
    ("https://www.abc마당.한국에서", &["https://www.abc마당.한국"]),
    ("https://www.한국어.com", &["https://www.한국어.com"]),
    ("https://ไทย.example", &["https://ไทย.example"]),
    ("http://日本のサイト/a", &["http://日本のサイト/a"]),
    ("https://ko.wikipedia.org/wiki/마당에서", &["https://ko.wikipedia.org/wiki/마당에서"]),
    ("https://ko.wikipedia.org/wiki/에서", &["https://ko.wikipedia.org/wiki/에서"]),
    ("https://ko.wikipedia.org/wiki/ㅋㅋㅋ", &["https://ko.wikipedia.org/wiki/ㅋㅋㅋ"]),
    ("https://ko.wikipedia.org/wiki/마당#역사", &["https://ko.wikipedia.org/wiki/마당#역사"]),
    ("https://en.wikipedia.org/wiki/👍", &["https://en.wikipedia.org/wiki/👍"]),
    ("https://namu.wiki/w/T셔츠", &["https://namu.wiki/w/T셔츠"]),
    ("https://zh.wikipedia.org/wiki/C语言", &["https://zh.wikipedia.org/wiki/C语言"]),
    ("https://example.com/search?q=마당", &["https://example.com/search?q=마당"]),
    ("https://example.com/search?q=에서&l=ko", &["https://example.com/search?q=에서&l=ko"]),
    ("https://example.com/?q=👍", &["https://example.com/?q=👍"]),
    ("https://example.com/지도", &["https://example.com/지도"]),
    ("https://example.com/React란-무엇인가", &["https://example.com/React란-무엇인가"]),
    ("https://example.com/2024년/보고서", &["https://example.com/2024년/보고서"]),
    ("https://example.com/1학년.pdf", &["https://example.com/1학년.pdf"]),
    ("https://example.com/guide-안내", &["https://example.com/guide-안내"]),
    ("https://example.com/a/查看", &["https://example.com/a/查看"]),
    ("https://example.com/~minsu", &["https://example.com/~minsu"]),
    ("https://example.com/über-uns", &["https://example.com/über-uns"]),
    ("https://пример.рф/путь", &["https://пример.рф/путь"]),
    // Marks of full width.
    ("（https://example.com）", &["https://example.com"]),
    ("（https://example.com/a）를", &["https://example.com/a"]),
    ("「https://example.com/a」『https://example.com/b』", &["https://example.com/a", "https://example.com/b"]),
    ("【https://example.com/a】", &["https://example.com/a"]),
    ("https://example.com/a。https://example.com/b、", &["https://example.com/a", "https://example.com/b"]),
    ("https://example.com，然后", &["https://example.com"]),
    ("https://example.com/a！", &["https://example.com/a"]),
    ("https://example.com：", &["https://example.com"]),
    // A second link directly behind.
    ("https://a.example,https://b.example", &["https://a.example", "https://b.example"]),
    ("https://a.examplehttps://b.example", &["https://a.example", "https://b.example"]),
    ("https://a.example/x,https://b.example/y", &["https://a.example/x", "https://b.example/y"]),
    ("https://a.example/xhttp://b.example/y", &["https://a.example/x", "http://b.example/y"]),
    ("https://a.example|https://b.example", &["https://a.example", "https://b.example"]),
    ("https://https://b.example", &["https://b.example"]),
    // Addresses that stay whole.
    ("https://en.wikipedia.org/wiki/Foo_(bar)", &["https://en.wikipedia.org/wiki/Foo_(bar)"]),
    ("https://example.com/?q=a,b", &["https://example.com/?q=a,b"]),
    ("https://example.com?q=a,b;c", &["https://example.com?q=a,b;c"]),
    ("https://example.com#top", &["https://example.com#top"]),
    ("https://example.com:8443/a:b", &["https://example.com:8443/a:b"]),
    ("http://[::1]:8080/x", &["http://[::1]:8080/x"]),
    ("http://[2001:db8::7]", &["http://[2001:db8::7]"]),
    ("http://10.0.0.7:80/", &["http://10.0.0.7:80/"]),
    ("https://a_b.example-c.com/~d/%EB%A7%88@e", &["https://a_b.example-c.com/~d/%EB%A7%88@e"]),
    ("https://example.com/a[]=1&b{c}", &["https://example.com/a[]=1&b{c}"]),
    ("https://web.example/2024/https://example.com/a", &["https://web.example/2024/https://example.com/a"]),
    ("https://example.com/?to=https://b.example/c", &["https://example.com/?to=https://b.example/c"]),
    // What would lead elsewhere than it says.
    ("https://google.com@evil.example", &[]),
    ("https://google.com:pass@evil.example/", &[]),
    ("https://google.com%2eevil.example", &[]),
    ("https://google.com\\@evil.example", &["https://google.com"]),
    ("http://2130706433/", &[]),
    ("http://0x7f.1/", &[]),
    ("http://127.1", &[]),
    ("http://017.0.0.1", &[]),
    ("http://256.1.1.1", &[]),
    ("https://ｇｏｏｇｌｅ.com", &[]),
    ("https://google.ｃｏｍ", &[]),
    ("https://www.გე.example", &[]),
    ("https://www.stroĳ.example", &[]),
    ("https://bu\u{308}cher.example", &[]),
    ("https://www.ทำ.example", &[]),
    ("https://google.com。evil.example", &["https://google.com"]),
    ("https:///evil.example", &[]),
    ("https://google．com", &["https://google"]),
    // What can't be seen is in no link.
    ("https://example.com/api\u{200b}", &["https://example.com/api"]),
    ("https://example.com/\u{202e}gpj.exe", &["https://example.com/"]),
    ("https://exam\u{ad}ple.com/", &["https://exam"]),
    ("https://example.com\u{200b}에서", &["https://example.com"]),
    ("https://example.com/a\u{2066}b\u{2069}", &["https://example.com/a"]),
    ("https://example.com/a\u{3000}b", &["https://example.com/a"]),
    ("https://example.com/a\u{e0041}b", &["https://example.com/a"]),
    ("\u{feff}https://example.com/a\u{feff}", &["https://example.com/a"]),
    // No links at all.
    ("javascript:alert(1)", &[]),
    ("data:text/html,x", &[]),
    ("http://", &[]),
    ("https://.", &[]),
    ("https://-", &[]),
    ("https://[a]", &[]),
    ("xhttp://a", &[]),
    ("www.a.example", &[]),
    ("http", &[]),
    ("https:/a.example", &[]),
];

fn links(text: &str) -> Vec<&str> {
    let link = |piece| match piece {
        Piece::Link(link) => Some(link),
        Piece::Text(_) => None,
    };
    pieces(text).into_iter().filter_map(link).collect()
}

#[test]
fn links_begin_and_end_as_people_write_them() {
    assert!(TEXTS.len() >= 60);
    for (text, expected) in TEXTS {
        assert_eq!(links(text), *expected, "{text:?}");
        check(text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
    }
}

/// The host as it is read: what stands between the slashes and the path.
fn read_host(link: &str) -> &str {
    let rest = link.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let is_port = |(_, port): &(&str, &str)| port.bytes().all(|byte| byte.is_ascii_digit());
    authority.rsplit_once(':').filter(is_port).map_or(authority, |(host, _)| host)
}

/// Whether the text goes on behind a link as behind a host, and not with more of its name.
fn names_host(link: &str, behind: &str) -> bool {
    if !link.ends_with(read_host(link)) || behind.is_empty() {
        return true;
    }
    // More than one dot is an ellipsis.
    let behind = behind.trim_start_matches(['-', '_']);
    let behind = behind.strip_prefix('.').unwrap_or(behind);
    let next = behind.chars().next().unwrap_or(' ');
    let runs_on = matches!(
        next,
        '\u{e00}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{9fff}' | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ffdc}' | '\u{20000}'..='\u{3ffff}'
    );
    match next {
        'a'..='z' | 'A'..='Z' | '0'..='9' => behind.to_ascii_lowercase().starts_with("http"),
        _ => {
            runs_on
                || is_invisible(next)
                || !next.is_alphabetic()
                || matches!(next, '\u{24b6}'..='\u{24e9}' | '\u{1f100}'..='\u{1faff}')
        }
    }
}

/// What must hold for any text: the pieces are the text, nothing in a link is invisible, and a browser goes to the host
/// that is read. The crate `url` reads addresses as browsers do.
fn check(text: &str) -> Result<(), TestCaseError> {
    let joined: String = pieces(text)
        .into_iter()
        .map(|piece| match piece {
            Piece::Text(part) | Piece::Link(part) => part,
        })
        .collect();
    prop_assert_eq!(&joined, text);
    let mut at = 0;
    for piece in pieces(text) {
        let (Piece::Text(part) | Piece::Link(part)) = piece;
        at += part.len();
        let Piece::Link(link) = piece else { continue };
        prop_assert!(!link.contains(is_invisible), "{:?}", link);
        prop_assert!(names_host(link, &text[at..]), "{:?} in {:?}", link, text);
        // What a browser can't read it does not follow.
        let Ok(url) = Url::parse(link) else { continue };
        prop_assert!(
            matches!(url.scheme(), "http" | "https") && url.username().is_empty() && url.password().is_none()
        );
        let read = read_host(link).to_lowercase();
        match url.host() {
            Some(Host::Ipv6(address)) => {
                prop_assert_eq!(read.trim_matches(['[', ']']).parse::<Ipv6Addr>().ok(), Some(address), "{}", link);
            }
            Some(host) => {
                let host = host.to_string();
                let (unicode, _) = idna::domain_to_unicode(&host);
                // A label may be typed as it is encoded, beside another that is not.
                let labels: Vec<(&str, &str)> = host.split('.').zip(unicode.split('.')).collect();
                let is_read =
                    read.split('.').zip(&labels).all(|(read, (host, shown))| read == *host || read == *shown);
                prop_assert!(is_read, "{} leads to {} ({})", link, host, unicode);
                prop_assert_eq!(read.split('.').count(), labels.len(), "{}", link);
            }
            None => prop_assert!(false, "{} has no host", link),
        }
    }
    Ok(())
}

/// Texts that have something of a link in them.
fn typed() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        4 => Just("https://".to_owned()),
        1 => Just("HTTP://".to_owned()),
        4 => "[a-z0-9-]{1,6}",
        3 => Just(".com".to_owned()),
        2 => "에서|이라는|한국|닷컴|wiki/|ㅋㅋ|👍|ß|[à-ž]{1,3}",
        2 => "[가-힣]{1,3}|[ぁ-んァ-ン一-龥]{1,2}|[а-яА-Яα-ωà-ÿÀ-Ÿא-תء-ي]{1,3}",
        3 => "[/?#:@%.,;!'()\\[\\]{}_|\\\\&=~*+-]{1,2}",
        1 => "[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}\\.[0-9]{1,3}|0x[0-9a-f]{1,4}|xn--[a-z0-9]{1,5}",
        1 => "[\u{200b}-\u{200f}\u{202a}-\u{202e}\u{2066}-\u{2069}\u{ad}\u{fe0f}\u{3000} \n]",
        1 => "[、。「」（），．：！？＠／ａ-ｚ０-９]{1,2}",
        1 => "\\PC{1,2}",
    ];
    prop::collection::vec(part, 0..14).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_096))]

    #[test]
    fn a_link_leads_to_the_host_that_is_read_and_no_text_is_lost(text in typed()) {
        check(&text)?;
    }
}

#[test]
fn every_character_in_a_host_is_what_a_browser_takes_it_for() {
    let mut foreign = 0;
    // What comes after is not written yet.
    for c in ('\u{80}'..='\u{2ffff}').filter(|c| !c.is_control()) {
        for text in [format!("https://{c}{c}.com"), format!("https://b{c}.{c}{c}")] {
            check(&text).unwrap_or_else(|error| panic!("{text:?}: {error}"));
            foreign += usize::from(links(&text) == [text.as_str()]);
        }
    }
    assert!(foreign > 80_000, "{foreign}");
}
