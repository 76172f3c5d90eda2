using Platz.Web.Api;

namespace Platz.Tests.Web.Api;

public sealed class IsoTimeTests
{
    [Theory]
    [InlineData("2027-01-02T03:04:05Z", "2027-01-02T03:04:05.000Z")]
    [InlineData("2027-01-02t03:04:05.5+02:00", "2027-01-02T01:04:05.500Z")]
    [InlineData("2027-01-02T03:04:05.123456789Z", "2027-01-02T03:04:05.123Z")]
    public void A_time_of_RFC_3339_is_read(string text, string expected) =>
        Assert.Equal(expected, IsoTime.Parse(text)!.Value.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'"));

    [Theory]
    [InlineData("01/02/2027")]
    [InlineData("12:00")]
    [InlineData("2027-01-02")]
    [InlineData("2027-01-02T03:04:05")]
    [InlineData("2027-02-30T03:04:05Z")]
    [InlineData("1969-12-31T23:59:59Z")]
    [InlineData("2100-01-01T00:00:00Z")]
    [InlineData("2027-01-02T03:04:05Z ")]
    [InlineData("２０２７-01-02T03:04:05Z")]
    public void Nothing_else_is(string text) => Assert.Null(IsoTime.Parse(text));

    [Theory]
    [InlineData("2027-01-02", "2027-01-02 00:00")]
    [InlineData("2027-01-02T03:04", "2027-01-02 03:04")]
    [InlineData("2027-01-02T03:04:05 02:00", "2027-01-02 01:04")]
    [InlineData("0001-01-01T00:00:00+14:00", null)]
    [InlineData("01/02/2027", null)]
    public void Queries_may_leave_the_offset_out(string text, string? expected) =>
        Assert.Equal(expected, IsoTime.ParseLoosely(text)?.ToString("yyyy-MM-dd HH:mm"));
}
