using CsCheck;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

public sealed class ChartArchiveTests
{
    [Fact]
    public async Task Gives_what_the_chart_says_about_itself()
    {
        var tgz = new ChartTar().Directory("web/").File("web/Chart.yaml", """
            apiVersion: v2
            name: web
            version: 1.2.3
            appVersion: "4.5"
            description: >-
              A page
              and more.
            icon: https://example.com/web.svg
            keywords: [a, b]
            dependencies:
              - name: sub
                version: 1.0.0
            annotations:
              platz.io/git/commit: 0123abc
              platz.io/git/branch: main
              platz.io/git/repo: https://git.example.com/web
              platz.io/git/provider: gitlab
            """).File("web/values.yaml", "replicas: 1\n").File("web/templates/a.yaml", "kind: A").ToTgz();

        var archive = await ReadAsync(tgz);

        Assert.Equal(("web", "1.2.3", "4.5"), (archive.Chart.Name, archive.Chart.Version, archive.Chart.AppVersion));
        Assert.Equal("A page and more.", archive.Chart.Description);
        Assert.Equal("https://example.com/web.svg", archive.Chart.Icon);
        Assert.Equal(("0123abc", "main"), (archive.Chart.GitCommit, archive.Chart.GitBranch));
        Assert.Equal(("https://git.example.com/web", "gitlab"), (archive.Chart.GitRepo, archive.Chart.GitProvider));
        Assert.Equal("replicas: 1\n", archive.Values);
        Assert.Equal(new ChartExtensions(null, null, null, null), archive.Extensions);
    }

    [Fact]
    public async Task Keeps_the_extensions_as_found()
    {
        var archive = await ReadAsync(ChartTar.Sound()
            .File("web/platz/values-ui.yaml", "inputs: [")
            .File("web/platz/actions.yaml", "- a\n")
            .File("web/platz/features.yaml", "\uFEFFspec: {}")
            .File("web/platz/resources.yaml", "# none\n").ToTgz());

        Assert.Equal(new ChartFile("platz/values-ui.yaml", "inputs: ["), archive.Extensions.ValuesUi);
        Assert.Equal("- a\n", archive.Extensions.Actions?.Text);
        Assert.Equal("spec: {}", archive.Extensions.Features?.Text);
        Assert.Equal("# none\n", archive.Extensions.Resources?.Text);
    }

    [Fact]
    public async Task Reads_the_legacy_extensions_where_there_is_no_folder_for_new_ones()
    {
        var archive = await ReadAsync(ChartTar.Sound().File("web/values.ui.json", "{}")
            .File("web/actions.schema.json", "[]").File("web/features.json", "{ }").ToTgz());

        Assert.Equal(new ChartFile("values.ui.json", "{}"), archive.Extensions.ValuesUi);
        Assert.Equal(new ChartFile("actions.schema.json", "[]"), archive.Extensions.Actions);
        Assert.Equal(new ChartFile("features.json", "{ }"), archive.Extensions.Features);
    }

    [Fact]
    public async Task Never_mixes_legacy_and_new_extensions()
    {
        var archive = await ReadAsync(ChartTar.Sound().File("web/values.ui.json", "{}")
            .File("web/platz/features.yaml", "spec: {}").ToTgz());

        Assert.Null(archive.Extensions.ValuesUi);
        Assert.Equal("platz/features.yaml", archive.Extensions.Features?.Path);
    }

    [Fact]
    public async Task Takes_no_file_of_a_subchart_for_its_own()
    {
        var archive = await ReadAsync(ChartTar.Sound()
            .File("web/charts/sub/Chart.yaml", "apiVersion: v1")
            .File("web/charts/sub/platz/actions.yaml", "[]").ToTgz());

        Assert.Equal("web", archive.Chart.Name);
        Assert.Null(archive.Extensions.Actions);
    }

    [Fact]
    public async Task Reads_long_names_and_the_header_that_git_archive_writes()
    {
        var deep = "web/templates/" + new string('d', 150) + "/x.yaml";
        var archive = await ReadAsync(new ChartTar()
            .Entry("pax_global_header", 'g', "52 comment=0123456789012345678901234567890123456789\n"u8.ToArray())
            .Pax(("path", deep), ("mtime", "1")).File("web/templates/cut", "kind: A")
            .File("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n").ToTgz());

        Assert.Equal("web", archive.Chart.Name);
    }

    [Theory]
    [InlineData("apiVersion: v1\nname: web\nversion: 1.0.0", "apiVersion must be v2")]
    [InlineData("name: web\nversion: 1.0.0", "apiVersion is missing")]
    [InlineData("apiVersion: v2\nversion: 1.0.0", "name is missing")]
    [InlineData("apiVersion: v2\nname: ../web\nversion: 1.0.0", "name \"../web\" is not")]
    [InlineData("apiVersion: v2\nname: web\nversion: --post-renderer=x", "version \"--post-renderer=x\" is not")]
    [InlineData("apiVersion: v2\nname: web\nversion: ~", "version is missing")]
    [InlineData("apiVersion: v2\nname: web\nversion: 1.0.0\ntype: library", "type library")]
    [InlineData("apiVersion: v2\nname: web\nname: other\nversion: 1.0.0", "line 3: name is there twice")]
    [InlineData("apiVersion: v2\nname: [\nversion: 1.0.0", "not YAML")]
    [InlineData("- a list", "line 1")]
    [InlineData("", "line 1")]
    [InlineData("apiVersion: v2\nannotations:\n  a: [1]\n", "line 3")]
    public async Task Says_what_is_wrong_in_Chart_yaml(string chartYaml, string reason)
    {
        var broken = await BrokenAsync(new ChartTar().File("web/Chart.yaml", chartYaml));

        Assert.StartsWith("Chart.yaml", broken.Message);
        Assert.Contains(reason, broken.Message);
    }

    [Fact]
    public async Task Is_not_impressed_by_a_hundred_thousand_brackets()
    {
        var broken = await BrokenAsync(new ChartTar().File("web/Chart.yaml", "keywords: " + new string('[', 100_000)));

        Assert.Equal("Chart.yaml, line 1: nested too deep.", broken.Message);
    }

    [Fact]
    public void Any_garbling_of_Chart_yaml_is_read_or_refused_with_a_reason()
    {
        const string Sound = "apiVersion: v2\nname: web\nversion: \"1.0\"\nkeywords: [a, {b: c}]\n"
            + "description: >-\n  A\nannotations:\n  a: 'b'\n";
        var inserted = Gen.String[Gen.Char["[]{}:,&*!|>'\"%@`#-? \n\t\ra0~"], 0, 4];
        var garble = Gen.Select(Gen.Int[0, Sound.Length - 1], Gen.Int[0, 3], inserted);
        garble.Array[1, 4].Sample(changes =>
        {
            var text = changes.Aggregate(Sound, (text, change) =>
            {
                var (at, drop, insert) = change;
                at = Math.Min(at, text.Length);
                return text.Remove(at, Math.Min(drop, text.Length - at)).Insert(at, insert);
            });
            try
            {
                return ChartMetadata.Parse(text).Name.Length > 0;
            }
            catch (BrokenChartException e)
            {
                return e.Message.StartsWith("Chart.yaml", StringComparison.Ordinal);
            }
        }, iter: 20_000);
    }

    [Fact]
    public async Task Says_that_Chart_yaml_is_missing()
    {
        var broken = await BrokenAsync(new ChartTar().File("web/values.yaml", ""));

        Assert.Equal("Chart.yaml is missing in the archive.", broken.Message);
    }

    [Theory]
    [InlineData("web/platz/actions.yaml", new byte[] { 0xff, 0xfe }, "platz/actions.yaml is not UTF-8.")]
    [InlineData("web/platz/features.yaml", new byte[] { 65, 0 }, "platz/features.yaml holds a NUL character.")]
    public async Task Names_the_file_that_is_no_text(string name, byte[] content, string reason) =>
        Assert.Equal(reason, (await BrokenAsync(ChartTar.Sound().Entry(name, '0', content))).Message);

    [Fact]
    public async Task Names_the_extension_that_is_too_large()
    {
        var broken = await BrokenAsync(ChartTar.Sound().File("web/platz/values-ui.yaml", Noise(300_000)));

        Assert.Equal("platz/values-ui.yaml is larger than 256 KiB.", broken.Message);
    }

    private static string Noise(int length) =>
        string.Concat(Enumerable.Range(0, length).Select(i => (char)('a' + (i * 31 % 26))));

    private static Task<ChartArchive> ReadAsync(byte[] tgz) =>
        ChartArchive.ReadAsync(tgz, TestContext.Current.CancellationToken);

    private static Task<BrokenChartException> BrokenAsync(ChartTar tar) =>
        Assert.ThrowsAsync<BrokenChartException>(() => ReadAsync(tar.ToTgz()));
}
