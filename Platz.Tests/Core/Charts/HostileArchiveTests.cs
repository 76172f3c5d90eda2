using System.Text;
using CsCheck;
using Platz.Core.Charts;
using Platz.Tests.Support;

namespace Platz.Tests.Core.Charts;

/// <summary>Archives made to do harm. Each is a sound chart but for the one thing.</summary>
public sealed class HostileArchiveTests
{
    [Theory]
    [InlineData("../x")]
    [InlineData("web/../../x")]
    [InlineData("/etc/x")]
    [InlineData("web//x")]
    [InlineData("./web/x")]
    [InlineData("web/./x")]
    [InlineData("..")]
    [InlineData("web/..\\x")]
    [InlineData("web/a\nb")]
    [InlineData("web/a\u001b[2J")]
    [InlineData("other/x")]
    [InlineData("x")]
    public async Task Names_that_lead_elsewhere_are_refused(string name) =>
        await RefusedAsync(ChartTar.Sound().File(name, "x"));

    [Theory]
    [InlineData("../x")]
    [InlineData("/x")]
    [InlineData("web/a\0b")]
    public async Task Names_that_lead_elsewhere_by_an_extended_header_are_refused(string name) =>
        await RefusedAsync(ChartTar.Sound().Pax(("path", name)).File("web/x", "x"));

    [Theory]
    [InlineData('1', "a link")]
    [InlineData('2', "a link")]
    [InlineData('3', "a device")]
    [InlineData('4', "a device")]
    [InlineData('6', "a named pipe")]
    [InlineData('S', "a sparse file")]
    [InlineData('7', "an unknown type")]
    [InlineData('V', "an unknown type")]
    public async Task Only_files_and_directories_pass(char type, string what)
    {
        var broken = await RefusedAsync(ChartTar.Sound().Entry("web/x", type, [], link: "/etc/passwd"));

        Assert.StartsWith("web/x in the archive is ", broken.Message);
        Assert.Contains(what, broken.Message);
    }

    [Fact]
    public async Task The_same_file_twice_is_refused()
    {
        var broken = await RefusedAsync(ChartTar.Sound().File("web/Chart.yaml", "apiVersion: v2\nname: other\n"));

        Assert.Equal("web/Chart.yaml is in the archive twice.", broken.Message);
    }

    [Fact]
    public async Task A_file_of_more_than_5_MiB_is_refused() =>
        Assert.Contains("web/big in the archive is larger than 5120 KiB",
            (await RefusedAsync(ChartTar.Sound().Entry("web/big", '0', Noise((5 << 20) + 1)))).Message);

    [Fact]
    public async Task A_file_that_claims_5_GB_is_refused_before_anything_is_allocated()
    {
        var broken = await RefusedAsync(ChartTar.Sound().Entry("web/big", '0', [], size: "45200000000\0"));

        Assert.Contains("larger than 5120 KiB", broken.Message);
    }

    [Theory]
    [InlineData('x')]
    [InlineData('g')]
    [InlineData('L')]
    public async Task Metadata_that_claims_2_GB_is_refused_before_anything_is_allocated(char type)
    {
        var before = GC.GetAllocatedBytesForCurrentThread(); // everything here completes synchronously

        await RefusedAsync(ChartTar.Sound().Entry("long", type, [], size: "16000000000\0"));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    [Theory]
    [InlineData("\u0080\0\0\0\0\0\0\0\0\0\u0002\0")]
    [InlineData("-0000000001\0")]
    [InlineData("0000000008x\0")]
    [InlineData("\0\0\0\0\0\0\0\u0020700")]
    [InlineData("        1000")]
    [InlineData("0001\u0000000700")]
    public async Task Sizes_in_other_forms_are_refused(string size)
    {
        var broken = await RefusedAsync(ChartTar.Sound().Entry("web/x", '0', [1], size));

        Assert.Equal("web/x in the archive has no size that can be read.", broken.Message);
    }

    [Fact]
    public async Task An_attribute_that_gives_another_size_is_refused() => Assert.Contains("attribute \"size\"",
        (await RefusedAsync(ChartTar.Sound().Pax(("size", "1024")).File("web/x", "x"))).Message);

    [Fact]
    public async Task An_attribute_that_makes_a_file_sparse_is_refused() => Assert.Contains("attribute \"GNU.sparse",
        (await RefusedAsync(ChartTar.Sound().Pax(("GNU.sparse.major", "1")).File("web/x", "x"))).Message);

    [Fact]
    public async Task A_global_header_that_renames_what_follows_is_refused()
    {
        var tar = new ChartTar().Entry("g", 'g', ChartTar.Attribute("path", "web/x")).File("web/Chart.yaml", "x");

        Assert.Contains("attribute \"path\"", (await RefusedAsync(tar)).Message);
    }

    [Fact]
    public async Task A_directory_with_content_is_refused() =>
        await RefusedAsync(ChartTar.Sound().Entry("web/d/", '5', Encoding.ASCII.GetBytes(new string('x', 512))));

    [Fact]
    public async Task More_than_5000_entries_are_refused()
    {
        var tar = ChartTar.Sound();
        for (var i = 0; i < 5_000; i++)
        {
            tar.File($"web/templates/{i}", "");
        }

        Assert.Equal("The archive holds more than 5000 files.", (await RefusedAsync(tar)).Message);
    }

    [Fact]
    public async Task A_gzip_bomb_is_refused()
    {
        var bomb = ChartTar.Gzip(new byte[64 << 20]);
        Assert.InRange(bomb.Length, 1, 1 << 20);

        Assert.Contains("100 times its size", (await RefusedAsync(bomb)).Message);
    }

    [Fact]
    public async Task More_than_100_MiB_are_refused_however_poorly_they_pack()
    {
        var noise = Noise(1 << 20);
        var content = new byte[101 << 20];
        for (var i = 0; i < 101; i++)
        {
            noise.AsSpan(0, 64 << 10).CopyTo(content.AsSpan(i << 20));
        }

        Assert.Contains("more than 100 MiB", (await RefusedAsync(ChartTar.Gzip(content))).Message);
    }

    [Fact]
    public async Task More_than_10_MiB_packed_are_refused() =>
        Assert.Contains("larger than 10 MiB", (await RefusedAsync(new byte[(10 << 20) + 1])).Message);

    [Fact]
    public async Task An_archive_cut_off_at_any_place_is_refused_or_read_whole()
    {
        var tgz = ChartTar.Sound().ToTgz();
        var whole = await ReadAsync(tgz);
        var refused = 0;
        for (var length = 0; length < tgz.Length; length++)
        {
            try
            {
                Assert.Equal(whole.Values, (await ReadAsync(tgz[..length])).Values);
            }
            catch (BrokenChartException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, tgz.Length / 2, tgz.Length);
    }

    [Fact]
    public async Task Whatever_the_headers_say_the_answer_is_a_chart_or_a_reason()
    {
        var name = Gen.String[Gen.Char["web/.\\x\0\u00e9"], 0, 12];
        var key = OneOf("path", "size", "mtime", "hdrcharset", "x");
        var attribute = Gen.Select(key, OneOf("web/y", "9", "-1", ""), ChartTar.Attribute);
        var attributes = attribute.Array[0, 3].Select(records => records.SelectMany(record => record).ToArray());
        var size = Gen.OneOf(Gen.Const((string?)null), Gen.String[Gen.Char["07 8\0"], 0, 12].Select(s => (string?)s));
        var entry = Gen.Select(name, Gen.Char["0055xxgL12S"], Gen.OneOf(Gen.Byte.Array[0, 600], attributes), size);
        await entry.Array[1, 4].SampleAsync(async entries =>
        {
            var tar = ChartTar.Sound();
            Array.ForEach(entries, e => tar.Entry(e.Item1, e.Item2, e.Item3, e.Item4));
            try
            {
                await ReadAsync(tar.ToTgz());
            }
            catch (BrokenChartException e)
            {
                Assert.NotEmpty(e.Message);
            }
        }, iter: 5_000);
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x50, 0x4b, 3, 4 })]
    [InlineData(new byte[] { 0x1f, 0x8b })]
    public async Task What_is_no_gzip_is_refused(byte[] content) => await RefusedAsync(content);

    [Fact]
    public async Task What_is_no_tar_is_refused() => await RefusedAsync(ChartTar.Gzip(Noise(4096)));

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(7).NextBytes(noise);
        return noise;
    }

    private static Task<BrokenChartException> RefusedAsync(ChartTar tar) => RefusedAsync(tar.ToTgz());

    private static Task<BrokenChartException> RefusedAsync(byte[] tgz) =>
        Assert.ThrowsAsync<BrokenChartException>(() => ReadAsync(tgz));

    private static Task<ChartArchive> ReadAsync(byte[] tgz) =>
        ChartArchive.ReadAsync(tgz, TestContext.Current.CancellationToken);
}
