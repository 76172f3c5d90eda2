using System.Runtime.Versioning;
using Platz.Core.Catalog;

namespace Platz.Tests.Core.Catalog;

[UnsupportedOSPlatform("windows")]
public sealed class KeyRingTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("platz-ring-");

    private string FilePath => Path.Combine(_folder.FullName, "keys");

    [Fact]
    public void A_missing_file_is_made_for_its_owner_alone_and_kept()
    {
        var first = KeyRing.Load(FilePath);
        var text = File.ReadAllText(FilePath);

        Assert.Equal(OwnerOnly, File.GetUnixFileMode(FilePath));
        Assert.Matches(@"\Ak1:[A-Za-z0-9+/]{43}=\n\z", text);
        Assert.Equal(first.ActiveId, KeyRing.Load(FilePath).ActiveId);
        Assert.Equal(text, File.ReadAllText(FilePath));
        Assert.Single(_folder.GetFiles());
    }

    [Fact]
    public async Task Processes_that_start_at_once_agree_on_one_key()
    {
        var rings = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => KeyRing.Load(FilePath))));

        var values = rings.Select(ring => new Envelope(ring).Seal("x", "c"));
        Assert.All(values, value => Assert.Equal("x", new Envelope(rings[0]).OpenText(value, "c")));
        Assert.Single(_folder.GetFiles());
    }

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public void A_file_open_to_others_is_refused(UnixFileMode more)
    {
        KeyRing.Load(FilePath);
        File.SetUnixFileMode(FilePath, OwnerOnly | more);

        Assert.Contains($"chmod 600 {FilePath}", Refusal(FilePath), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# nothing\n\n", "holds no key")]
    [InlineData("k1\n", "Line 1")]
    [InlineData("k1:\n", "Line 1")]
    [InlineData("k1:AAAA\n", "Line 1")]
    [InlineData("# c\nk 1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "Line 2")]
    [InlineData("k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\nk1:BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", "repeats the key id k1")]
    [InlineData("k1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", "Line 1")]
    public void A_broken_file_is_named_with_its_line_and_without_its_key(string text, string words)
    {
        File.WriteAllText(FilePath, text);
        File.SetUnixFileMode(FilePath, OwnerOnly);

        var message = Refusal(FilePath);

        Assert.Contains(words, message, StringComparison.Ordinal);
        Assert.DoesNotContain("AAAA", message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_line_is_the_active_key_and_comments_are_skipped()
    {
        var key = Convert.ToBase64String(new byte[32]);
        File.WriteAllText(FilePath, $"# new\r\nk2:{key}\r\n\r\nk1:{key}\r\n");
        File.SetUnixFileMode(FilePath, OwnerOnly);

        Assert.Equal("k2", KeyRing.Load(FilePath).ActiveId);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_so()
    {
        var path = Path.Combine(_folder.FullName, "absent", "keys");

        Assert.Contains(path, Refusal(path), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string Refusal(string path) => Assert.Throws<KeyRingException>(() => KeyRing.Load(path)).Message;
}
