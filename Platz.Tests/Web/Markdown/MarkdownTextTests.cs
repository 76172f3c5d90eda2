using AngleSharp.Dom;
using Bunit;
using Platz.Web.Markdown;

namespace Platz.Tests.Web.Markdown;

public sealed class MarkdownTextTests : BunitContext
{
    private static readonly string[] s_elements =
    [
        "A", "BLOCKQUOTE", "BR", "CODE", "DEL", "DIV", "EM", "H3", "H4", "H5", "H6", "HR", "LI", "OL", "P", "PRE", "SPAN",
        "STRONG", "TABLE", "TBODY", "TD", "TH", "TR", "UL",
    ];

    private static readonly string[] s_attributes = ["href", "rel", "start", "class"];

    public static TheoryData<string> Hostile =>
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "text <svg/onload=alert(1)> text",
        "<iframe src=\"https://evil.example\"></iframe>",
        "<a href=\"javascript:alert(1)\">x</a>",
        "<style>body { display: none }</style>",
        "<form action=https://evil.example><input name=password></form>",
        "<!-- --><math><mi//xlink:href=\"data:x,<script>alert(1)</script>\">",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java&#10;script:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](<javascript:alert(1)>)",
        "[x](vbscript:msgbox(1))",
        "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
        "[x](file:///etc/passwd)",
        "[x](//evil.example/path)",
        "[x](/\\evil.example/path)",
        "[x](https://user:password@evil.example/)",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,PHN2Zy8+)",
        "[x][1]\n\n[1]: javascript:alert(1)",
        "<javascript:alert(1)>",
        "<data:text/html,x>",
        "[x](https://ok.example \"\\\" onmouseover=\\\"alert(1)\")",
        "`<script>alert(1)</script>`",
        "```html\n<script>alert(1)</script>\n```",
        "| <script>alert(1)</script> | b |\n|---|---|\n| <img src=x onerror=alert(1)> | c |",
        "# <script>alert(1)</script>",
        "- [ ] <script>alert(1)</script>",
        "**<b onclick=alert(1)>x</b>**",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Whatever_is_typed_becomes_known_elements_and_harmless_links(string text)
    {
        var page = Render<MarkdownText>(p => p.Add(m => m.Text, text));

        var elements = page.Find(".markdown").QuerySelectorAll("*").ToList();
        Assert.All(elements, element => Assert.Contains(element.TagName, s_elements));
        Assert.All(elements.SelectMany(e => e.Attributes), attribute => Assert.Contains(
            attribute.Name, s_attributes));
        Assert.All(page.FindAll("a"), link => Assert.Matches("^(https?://(?!.*@)|mailto:|/(?![/\\\\])|#)", link.GetAttribute("href")!));
    }

    [Fact]
    public void Html_is_shown_as_it_was_typed() =>
        Assert.Equal("<b>bold</b> & <script>x</script>", Shown("<b>bold</b> &amp; <script>x</script>").TextContent.Trim());

    [Fact]
    public void An_image_becomes_a_link_to_it_so_that_nothing_is_read_from_another_host()
    {
        var shown = Shown("![a diagram](https://elsewhere.example/a.png)");

        Assert.Empty(shown.QuerySelectorAll("img"));
        Assert.Equal("https://elsewhere.example/a.png", shown.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal("a diagram", shown.QuerySelector("a")!.TextContent);
    }

    [Fact]
    public void A_link_gives_nothing_away_and_vouches_for_nothing() => Assert.Equal(
        "noopener noreferrer nofollow", Shown("https://elsewhere.example/").QuerySelector("a")!.GetAttribute("rel"));

    [Fact]
    public void Headings_lists_tables_and_code_are_drawn()
    {
        var shown = Shown(
            """
            # Shop

            Owned by **team _cart_**, see [the runbook](/envs/demo).

            3. three
            4. four

            - [x] done

            | a | b |
            |---|---|
            | 1 | `2` |

            > quoted

            ```
            helm status
            ```
            """);

        Assert.Equal("Shop", shown.QuerySelector("h3")!.TextContent);
        Assert.Equal("cart", shown.QuerySelector("strong em")!.TextContent);
        Assert.Equal("/envs/demo", shown.QuerySelector("a")!.GetAttribute("href"));
        Assert.Equal("3", shown.QuerySelector("ol")!.GetAttribute("start"));
        Assert.Equal("☑ done", shown.QuerySelector("ul li")!.TextContent.Trim());
        Assert.Equal(["a", "b"], shown.QuerySelectorAll("th").Select(th => th.TextContent));
        Assert.Equal("2", shown.QuerySelector("td code")!.TextContent);
        Assert.Equal("quoted", shown.QuerySelector("blockquote")!.TextContent.Trim());
        Assert.Equal("helm status", shown.QuerySelector("pre")!.TextContent.Trim());
    }

    [Fact]
    public void What_is_nested_too_deeply_or_too_long_is_shown_as_it_was_typed()
    {
        var deep = $"{new string('>', 50_000)} x";
        Assert.Equal(deep, Shown(deep).QuerySelector("pre")!.TextContent);

        var brackets = new string('[', 60_000);
        Assert.Contains(brackets, Shown(brackets).TextContent, StringComparison.Ordinal);

        var longText = string.Concat(Enumerable.Repeat("*a* ", 30_000));
        Assert.Equal(longText, Shown(longText).QuerySelector("pre")!.TextContent);
    }

    [Fact]
    public void Characters_that_turn_text_around_are_made_visible() =>
        Assert.DoesNotContain('\u202e', Shown("a\u202eb").TextContent);

    private IElement Shown(string text) => Render<MarkdownText>(p => p.Add(m => m.Text, text)).Find(".markdown");
}
