// Names whose writing can't be turned into Latin letter by letter; each entry reads `native/latin`. Those of other
// languages come from faker.

/** Family names by language. */
export const PAIRED_FAMILIES: Readonly<Record<string, string>> = {
  zh: '王/wang 李/li 张/zhang 刘/liu 陈/chen 杨/yang 黄/huang 赵/zhao 吴/wu 周/zhou 徐/xu 孙/sun 马/ma 朱/zhu 胡/hu 郭/guo 何/he 林/lin 高/gao 罗/luo 梁/liang 宋/song 郑/zheng 谢/xie 韩/han 唐/tang 冯/feng 于/yu 董/dong 萧/xiao 程/cheng 曹/cao 袁/yuan 邓/deng 傅/fu 沈/shen 曾/zeng 彭/peng 吕/lv 苏/su',
  ja: '佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto 中村/nakamura 小林/kobayashi 加藤/kato 吉田/yoshida 山田/yamada 佐々木/sasaki 山口/yamaguchi 松本/matsumoto 井上/inoue 木村/kimura 林/hayashi 清水/shimizu 横山/yokoyama 斎藤/saito 山崎/yamazaki 森/mori 池田/ikeda 橋本/hashimoto 石川/ishikawa 前田/maeda 藤田/fujita 小川/ogawa 岡田/okada 後藤/goto 長谷川/hasegawa 村上/murakami 近藤/kondo 石井/ishii 坂本/sakamoto 遠藤/endo 青木/aoki 藤井/fujii 西村/nishimura',
  ko: '김/kim 이/lee 박/park 최/choi 정/jung 강/kang 조/cho 윤/yoon 장/jang 임/lim 한/han 오/oh 서/seo 신/shin 권/kwon 황/hwang 안/ahn 송/song 류/ryu 홍/hong',
  ar: 'الهاشمي/alhashimi المنصوري/almansouri الخطيب/alkhatib النجار/alnajjar الحداد/alhaddad العلي/alali السيد/alsayed الشامي/alshami القاسمي/alqasimi المصري/almasri الزعابي/alzaabi البغدادي/albaghdadi',
  he: 'כהן/cohen לוי/levi מזרחי/mizrahi פרץ/peretz ביטון/biton דהן/dahan אברהם/avraham פרידמן/friedman מלכה/malka אזולאי/azoulay כץ/katz יוסף/yosef',
}

/** Given names by language. */
export const PAIRED_GIVEN: Readonly<Record<string, string>> = {
  zh: '伟/wei 芳/fang 娜/na 敏/min 静/jing 丽/li 强/qiang 磊/lei 军/jun 洋/yang 勇/yong 艳/yan 杰/jie 涛/tao 明/ming 超/chao 霞/xia 平/ping 刚/gang 桂英/guiying 建国/jianguo 晓东/xiaodong',
  ja: '翔太/shota 美咲/misaki 大輔/daisuke 陽子/yoko 健一/kenichi 直美/naomi 拓也/takuya 真由美/mayumi 誠/makoto 恵子/keiko 剛/tsuyoshi 由美子/yumiko 学/manabu 久美子/kumiko 浩/hiroshi 明美/akemi 隆/takashi 智子/tomoko 和也/kazuya 桜/sakura',
  ko: '민준/minjun 서연/seoyeon 도윤/doyun 하은/haeun 지호/jiho 지우/jiwoo 현우/hyunwoo 수빈/subin 준서/junseo 민서/minseo 우진/woojin 은지/eunji 성민/sungmin 유진/yujin 재현/jaehyun 혜진/hyejin',
  ar: 'أحمد/ahmed محمد/mohammed فاطمة/fatima عائشة/aisha خالد/khalid مريم/mariam يوسف/yousef ليلى/layla عمر/omar نورة/noura حسن/hassan سارة/sara',
  he: 'דוד/david יעל/yael משה/moshe נועה/noa יוסף/yosef מיכל/michal אברהם/avraham שירה/shira דניאל/daniel תמר/tamar איתי/itai רונית/ronit',
}
