using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Identity;

/// <summary>
/// How often somebody tried to sign in within one window of time. Kept here so that a process that starts again does
/// not begin to count again (security.md 2).
/// </summary>
public sealed class SignInAttempts
{
    /// <summary>Who is counted, an address for example.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset WindowStart { get; init; }

    public int Count { get; set; }
}

internal sealed class SignInAttemptsMapping : IEntityTypeConfiguration<SignInAttempts>
{
    public void Configure(EntityTypeBuilder<SignInAttempts> attempts)
    {
        attempts.ToTable("sign_in_attempts").HasKey(a => new { a.Key, a.WindowStart });
        attempts.HasIndex(a => a.WindowStart);
    }
}
