using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Identity;

/// <summary>
/// Who a provider says that a user is. Issuer and subject name somebody for ever; an e-mail address may be given to
/// somebody else, so it identifies nobody (security.md 1).
/// </summary>
public sealed class UserIdentity
{
    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Being a site admin came from the configuration, and goes with it.</summary>
    public bool AdminFromProvider { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastSignInAt { get; set; }
}

internal sealed class UserIdentityMapping : IEntityTypeConfiguration<UserIdentity>
{
    public void Configure(EntityTypeBuilder<UserIdentity> identity)
    {
        identity.ToTable("user_identities").HasKey(i => new { i.Issuer, i.Subject });
        identity.Property(i => i.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        identity.HasIndex(i => i.UserId);
        identity.HasOne<User>().WithMany().HasForeignKey(i => i.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
