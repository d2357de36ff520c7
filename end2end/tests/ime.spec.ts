// Input methods: Enter while Hangul is being composed sends one message, whole; Enter during Kana or Han conversion
// sends none.
import { expect, test } from './support/fixtures';
import { InputMethod, type Platform } from './support/ime';

const HELLO = [
  ['ㅇ', '아', '안'],
  ['ㄴ', '녀', '녕'],
];

for (const platform of ['Windows', 'macOS'] satisfies Platform[]) {
  test(`Hangul on ${platform}: Enter ends the syllable and sends one message`, async ({ newPerson }) => {
    const mina = await newPerson('Mina');
    const jun = await newPerson('Jun');
    await mina.room.composer.focus();
    const ime = await InputMethod.on(mina.page, platform);
    await ime.hangul(HELLO);
    await expect(mina.room.composer).toHaveValue('안녕');
    await ime.enterEndsAndPasses('녕');
    await expect(jun.room.row('안녕')).toHaveCount(1);
    await expect(mina.room.composer).toHaveValue('');

    // A second word, to see that nothing of the first was left behind or sent later.
    await ime.hangul([['ㅎ', '하', '한']]);
    await ime.enterEndsAndPasses('한');
    await expect(jun.room.row('한')).toHaveCount(1);
    await expect(jun.room.rows).toHaveCount(2);
    await expect(mina.room.rows).toHaveCount(2);
    await expect(mina.room.composer).toHaveValue('');
  });

  test(`Hangul on ${platform}, with an Enter that the input method keeps: still one message`, async ({ newPerson }) => {
    const mina = await newPerson('Mina');
    const jun = await newPerson('Jun');
    await mina.room.composer.focus();
    const ime = await InputMethod.on(mina.page, platform);
    await ime.hangul(HELLO);
    await ime.enterEnds('녕');
    await expect(jun.room.row('안녕')).toHaveCount(1);
    await expect(mina.room.composer).toHaveValue('');
    await jun.room.saySettled('응');
    await expect(mina.room.row('응')).toHaveCount(1);
    await expect(mina.room.rows).toHaveCount(2);
  });

  test(`Kana conversion on ${platform}: Enter takes the candidate and sends nothing`, async ({ newPerson }) => {
    const mina = await newPerson('Mina');
    const jun = await newPerson('Jun');
    await mina.room.composer.focus();
    const ime = await InputMethod.on(mina.page, platform);
    await ime.compose(['ｎ', 'に', 'にｈ', 'にほ', 'にほん', '日本']);
    await ime.enterEnds('日本');
    await expect(mina.room.composer).toHaveValue('日本');
    // Kana that stay kana.
    await ime.compose(['ｇ', 'ご']);
    await ime.enterEnds('ご');
    await expect(mina.room.composer).toHaveValue('日本ご');
    await expect(mina.room.rows).toHaveCount(0);

    await ime.enter();
    await expect(jun.room.row('日本ご')).toHaveCount(1);
    await expect(jun.room.rows).toHaveCount(1);
  });

  test(`Pinyin on ${platform}: Enter takes the letters and sends nothing`, async ({ newPerson }) => {
    const mina = await newPerson('Mina');
    const jun = await newPerson('Jun');
    await mina.room.composer.focus();
    const ime = await InputMethod.on(mina.page, platform);
    await ime.compose(['n', 'ni', 'ni h', 'ni hao']);
    await ime.enterEnds('nihao');
    await expect(mina.room.composer).toHaveValue('nihao');
    await expect(mina.room.rows).toHaveCount(0);
    await ime.enter();
    await expect(jun.room.row('nihao')).toHaveCount(1);
    await expect(jun.room.rows).toHaveCount(1);
  });
}
