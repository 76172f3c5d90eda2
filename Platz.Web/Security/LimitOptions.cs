using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace Platz.Web.Security;

/// <summary>How much one identity, or one address, may ask for (security.md 2).</summary>
public sealed class LimitOptions
{
    public const string Section = "Limits";

    /// <summary>API requests of one identity.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerMinute { get; init; } = 600;

    /// <summary>Of them, those that change something.</summary>
    [Range(1, 1_000_000)]
    public int ChangesPerMinute { get; init; } = 60;

    /// <summary>Sign-ins begun from one address.</summary>
    [Range(1, 1_000_000)]
    public int SignInsPerMinute { get; init; } = 10;

    /// <summary>Pages that one person has open at once; one that has lost its connection is none of them.</summary>
    [Range(1, 1_000_000)]
    public int OpenPages { get; init; } = 10;

    /// <summary>Connections of pages, and to the hub of events, begun from one address.</summary>
    [Range(1, 1_000_000)]
    public int ConnectionsPerMinute { get; init; } = 600;

    /// <summary>Requests of one address with a token that is not valid; after that, all with a token wait.</summary>
    [Range(1, 1_000_000)]
    public int BadTokensPerMinute { get; init; } = 100;

    /// <summary>An API request that takes longer is given up; following a log is not one of them.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(30);
}

[OptionsValidator]
internal sealed partial class LimitOptionsValidator : IValidateOptions<LimitOptions>;
