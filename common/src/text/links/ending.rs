//! Korean endings that follow a link without a space: particles, and forms of "to be".

/// Korean particles of one syllable.
const PARTICLES: &str = "을 를 은 는 이 가 의 에 로 와 과 도 만 랑 야";
/// Longer particles and endings, of which none is a noun; more may follow.
const ENDINGS: &str = "에서 에게 에는 에만 에요 한테 으로 로는 로도 로서 로써 로부터 만으로 까지 부터 하고 처럼 보다 만큼 \
    마다 조차 마저 밖에 이랑 이나 이라 라고 라는 라며 라서 라니 이고 이며 이니 이죠 이네 네요 이야 이에요 예요 이다 인데 입니 거든";
/// What may follow an ending.
const MORE: &str = "은 는 도 만 의 요 로 서 면 고 며 다 까 가 부터 까지 라고 라는 하고";
/// The longest word that can be an ending, in bytes.
const LONGEST_ENDING: usize = 24;

/// Whether a word is nothing but particles and endings.
pub(super) fn is_ending(word: &str) -> bool {
    fn is_more(rest: &str) -> bool {
        rest.is_empty() || MORE.split(' ').filter_map(|more| rest.strip_prefix(more)).any(is_more)
    }
    word.len() <= LONGEST_ENDING
        && (PARTICLES.split(' ').any(|particle| particle == word)
            || ENDINGS.split(' ').filter_map(|ending| word.strip_prefix(ending)).any(is_more))
}
