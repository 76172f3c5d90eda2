namespace Platz.Tests.Core.Values;

/// <summary>
/// What helm 3.18 makes of values files, as <c>helm template</c> with <c>toJson .Values</c> printed it. Never edited by
/// hand: <see cref="YamlGoldenTests"/> runs helm again to prove it.
/// </summary>
internal static class HelmGolden
{
    /// <summary>An unquoted scalar and what it is; one a line.</summary>
    public const string Scalars = """
        no => false
        No => false
        nO => "nO"
        n => false
        N => false
        y => true
        Y => true
        yes => true
        YES => true
        on => true
        ON => true
        off => false
        Off => false
        true => true
        True => true
        tRue => "tRue"
        false => false
        ~ => null
        null => null
        NULL => null
        nUll => "nUll"
        010 => 8
        0o10 => 8
        0O10 => 8
        0b11 => 3
        -0b11 => -3
        0x1F => 31
        0X1F => 31
        1e3 => 1000
        1E3 => 1000
        1e+3 => 1000
        1.5e3 => 1500
        .5 => 0.5
        5. => 5
        +1 => 1
        -1 => -1
        +1.5 => 1.5
        -0 => 0
        0 => 0
        08 => 8
        09 => 9
        0.0 => 0
        -0.0 => -0
        12:30:45 => "12:30:45"
        1:30 => "1:30"
        2001-01-01 => "2001-01-01"
        2001-01-01T00:00:00Z => "2001-01-01T00:00:00Z"
        1_000 => 1000
        0x_1 => 1
        1_0.5 => 10.5
        _1 => "_1"
        1_ => 1
        1__0 => 10
        1.0 => 1
        1.10 => 1.1
        "no" => "no"
        'no' => "no"
        "1" => "1"
        9007199254740993 => 9007199254740992
        9223372036854775807 => 9223372036854776000
        9223372036854775808 => 9223372036854776000
        18446744073709551616 => 18446744073709552000
        -9223372036854775808 => -9223372036854776000
        -9223372036854775809 => -9223372036854776000
        123456789012345678901234567890 => 1.2345678901234568e+29
        1e400 => "1e400"
        -1e309 => "-1e309"
        1e21 => 1e+21
        1e20 => 100000000000000000000
        1e-7 => 1e-7
        0.1 => 0.1
        3.14159265358979323846 => 3.141592653589793
        100000000000000000000.0 => 100000000000000000000
        nan => "nan"
        inf => "inf"
        NaN => "NaN"
        Infinity => "Infinity"
        -Infinity => "-Infinity"
        +Infinity => "+Infinity"
        0xFFFFFFFFFFFFFFFF => 18446744073709552000
        0x1FFFFFFFFFFFFFFFF => "0x1FFFFFFFFFFFFFFFF"
        0777 => 511
        0888 => 888
        -010 => -8
        +010 => 8
        0o8 => "0o8"
        -0o7 => -7
        +0o7 => 7
        -0x1 => -1
        +0x1F => 31
        1e => "1e"
        1.e3 => 1000
        e3 => "e3"
        1.2.3 => "1.2.3"
        v1.0 => "v1.0"
        1,000 => "1,000"
        = => "="
        . => "."
        .. => ".."
        + => "+"
        ++1 => "++1"
        +-1 => "+-1"
        0b => "0b"
        0x => "0x"
        0b2 => "0b2"
        0b12 => "0b12"
        -.5 => -0.5
        +.5 => 0.5
        .e1 => ".e1"
        .1e1 => 1
        .1_0 => 0.1
        1e3_0 => 1e+30
        0_1 => 1
        0_8 => 8
        0_x1 => 1
        1.7976931348623157e308 => 1.7976931348623157e+308
        5e-324 => 5e-324
        4.9e-400 => 0
        12345678.9 => 12345678.9
        0x1p4 => "0x1p4"
        << => "\u003c\u003c"
        1_2_3.4_5 => 123.45
        -x => "-x"
        ?x => "?x"
        :x => ":x"
        a#b => "a#b"
        ٣ => "٣"
        １ => "１"
        """;

    /// <summary>A whole document, as a JSON string, and its values; one a line.</summary>
    public const string Documents = """
        "" => {}
        "# c\n" => {}
        "---\n" => {}
        "null\n" => {}
        "a: 1\n...\n" => {"a":1}
        "a: &x {b: 1}\nc: *x\n" => {"a":{"b":1},"c":{"b":1}}
        "d: &d {x: 1, z: 2}\ne: {<<: *d, z: 3}\n" => {"d":{"x":1,"z":2},"e":{"x":1,"z":3}}
        "d: &d {x: 1}\nf: &f {x: 5, z: 2}\ne: {<<: [*d, *f], w: 3}\n" => {"d":{"x":1},"e":{"w":3,"x":1,"z":2},"f":{"x":5,"z":2}}
        "a: {x: 2, <<: {x: 1}}\n" => {"a":{"x":1}}
        "a: {<<: {x: 1}, x: 2}\n" => {"a":{"x":2}}
        "base: &b {l: {x: 1}}\nc:\n  <<: *b\n  l: {z: 2}\n" => {"base":{"l":{"x":1}},"c":{"l":{"z":2}}}
        "d: &d {x: &q {z: 1}}\ne: {<<: *d}\nf: *q\n" => {"d":{"x":{"z":1}},"e":{"x":{"z":1}},"f":{"z":1}}
        "e: {'<<': {a: 1}}\n" => {"e":{"\u003c\u003c":{"a":1}}}
        "'<<': 3\n" => {"\u003c\u003c":3}
        "1: a\n" => {"1":"a"}
        "1.5: a\n" => {"1.5":"a"}
        "true: a\n" => {"true":"a"}
        "yes: a\n" => {"true":"a"}
        "N: a\n" => {"false":"a"}
        ".nan: a\n" => {".nan":"a"}
        ".inf: a\n" => {".inf":"a"}
        "1e3: a\n" => {"1000":"a"}
        "010: a\n" => {"8":"a"}
        "1.1234567890123: a\n" => {"1.1234568":"a"}
        "1e6: a\n" => {"1e+06":"a"}
        "1e21: a\n" => {"1e+21":"a"}
        "-0.5: a\n" => {"-0.5":"a"}
        "0.00001: a\n" => {"1e-05":"a"}
        "123456.789: a\n" => {"123456.79":"a"}
        "16777217.0: a\n" => {"1.6777216e+07":"a"}
        "-0.0: a\n" => {"-0":"a"}
        "1e40: a\n" => {".inf":"a"}
        "1e-50: a\n" => {"0":"a"}
        "1e5: a\n" => {"100000":"a"}
        "2001-01-01: a\n" => {"2001-01-01":"a"}
        "&k a: 1\nb: *k\n" => {"a":1,"b":"a"}
        "a: &k 7\n*k : b\n" => {"7":"b","a":7}
        "a: |\n  x\n  q\nb: >\n  f\n  g\n\n  h\nc: |-\n  q\nd: |+\n  z\n\n" => {"a":"x\nq\n","b":"f g\nh\n","c":"q","d":"z\n\n"}
        "a: x\n\n  z\nb: \"x\\\n  z\"\nc: 'x\n\n  z'\n" => {"a":"x\nz","b":"xz","c":"x\nz"}
        "a: \"x\\u0001z\"\n" => {"a":"x\u0001z"}
        "a: \"\\U0001F600\"\n" => {"a":"\ud83d\ude00"}
        "a: \ud83d\ude00\n" => {"a":"\ud83d\ude00"}
        "a:\tb\n" => {"a":"b"}
        "a: 'it''s'\n" => {"a":"it's"}
        "%YAML 1.1\n---\na: 1\n" => {"a":1}
        "a: {b: , c}\n" => {"a":{"b":null,"c":null}}
        "a:\nb:\n" => {"a":null,"b":null}
        "a: []\nb: {}\n" => {"a":[],"b":{}}
        "a: [no, ~, 1.0,]\n" => {"a":[false,null,1]}
        "a: [a: b]\n" => {"a":[{"a":"b"}]}
        "a: 1\r\nb: 2\r\n" => {"a":1,"b":2}
        "a: 1\rb: 2\r" => {"a":1,"b":2}
        "a: \"<b>&\\L\\N\\_\\P\\e\\a\\b\\v\\f\"\n" => {"a":"\u003cb\u003e\u0026\u2028\u0085\u00a0\u2029\u001b\u0007\b\u000b\f"}
        "? a\n" => {"a":null}
        "a: x # c\nb: x#c\n" => {"a":"x","b":"x#c"}
        "? |\n  multi\n  key\n: 1\n" => {"multi\nkey\n":1}
        "a: |2\n   x\n" => {"a":" x\n"}
        "a:\n- b\n- - c\n  - d\n" => {"a":["b",["c","d"]]}
        "a: x:1\nb: http://c\n" => {"a":"x:1","b":"http://c"}
        """;

    /// <summary>Documents that helm refuses, as JSON strings.</summary>
    public const string Refused = """
        "v: .nan\n"
        "v: .Inf\n"
        "v: -.inf\n"
        "v: &\n"
        "v: -\n"
        "v: @x\n"
        "v: `x\n"
        "v: %x\n"
        "[1]\n"
        "x\n"
        "- a\n"
        "e: {<<: 3}\n"
        "e: {<<: [3]}\n"
        "null: a\n"
        "~: a\n"
        "? [a]\n: b\n"
        "? {a: 1}\n: b\n"
        "18446744073709551615: a\n"
        "9223372036854775808: a\n"
        "a: \"\\ud83d\"\n"
        "a:\n\tb: 1\n"
        "a: \u0000\n"
        "a: \u0001\n"
        "a: \u007f\n"
        "a: b: c\n"
        "%YAML 1.2\n---\na: no\n"
        "a: *x\n"
        "a: &a [*a]\n"
        "a: [1, 2\n"
        "a: {b\n"
        "a: 'x\n"
        "a: \"x\n"
        "a: 1\n b: 2\n"
        "a: \"\\q\"\n"
        "a: [no,,]\n"
        "a:\n  b: 1\n c: 2\n"
        "a: 'x'b\n"
        "a: ]\n"
        "key: [a\nb: c\n"
        """;
}
