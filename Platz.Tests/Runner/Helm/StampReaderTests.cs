using System.Globalization;
using System.Text;
using CsCheck;
using Platz.Runner.Helm;

namespace Platz.Tests.Runner.Helm;

public sealed class StampReaderTests
{
    private static readonly Gen<string> s_stamp =
        from second in Gen.Long[0, 3 * 60].Select(n => DateTimeOffset.UnixEpoch.AddSeconds(1_795_000_000 + n))
        from digits in Gen.Char['0', '9'].Array[1, 9].Select(chars => new string(chars))
        select second.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + $".{digits}Z";

    [Fact]
    public void Stamps_are_read_as_one_by_one() => s_stamp.Array[1, 40].Sample(stamps =>
    {
        var reader = new StampReader();
        Assert.All(stamps, stamp => Assert.Equal(Slowly(stamp), Read(reader, stamp)));
    });

    [Theory]
    [InlineData("2026-11-30T22:51:55Z", "2026-11-30T22:51:55.0000000")]
    [InlineData("2026-11-30T22:51:55.999999999Z", "2026-11-30T22:51:56.0000000")]
    [InlineData("2026-11-30T22:51:55.5+02:00", "2026-11-30T20:51:55.5000000")]
    [InlineData("2026-12-31T23:59:59.000000100Z", "2026-12-31T23:59:59.0000001")]
    public void So_is_whatever_comes_after_another(string stamp, string expected)
    {
        var reader = new StampReader();
        Read(reader, "2026-11-30T22:51:55.1Z");

        Assert.Equal(expected, new DateTime(Read(reader, stamp)!.Value).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff", null));
    }

    [Fact]
    public void The_end_of_all_times_is_not_passed() => Assert.Equal(
        DateTimeOffset.MaxValue.UtcTicks, Read(new StampReader(), "9999-12-31T23:59:59.99999999Z"));

    [Theory]
    [InlineData("")]
    [InlineData("failed")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0.5Z")]
    [InlineData("2026-11-30T22:51:55.Z")]
    [InlineData("2026-11-31T22:51:55.1Z")]
    [InlineData("2026-11-30T22:51:55.12x4Z")]
    public void What_is_none_has_no_time(string text)
    {
        var reader = new StampReader();
        Assert.Null(Read(reader, text));
        Read(reader, "2026-11-30T22:51:55.1Z");

        Assert.Null(Read(reader, text));
    }

    private static long? Read(StampReader reader, string stamp) => reader.Read(Encoding.ASCII.GetBytes(stamp));

    private static long Slowly(string stamp) => DateTimeOffset.Parse(stamp, CultureInfo.InvariantCulture).UtcTicks;
}
