using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;

namespace Platz.Core.Identity;

/// <summary>
/// A session of a person in a browser. The cookie holds a random key, this row its hash: who reads the database alone
/// cannot make a cookie, and a session that was ended here is over everywhere.
/// </summary>
public sealed class Session
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    /// <summary>SHA-256 of the key in the cookie; with 256 random bits it needs no salt.</summary>
    public required byte[] KeyHash { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Sealed with <see cref="Envelope"/>.</summary>
    public required byte[] Ticket { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When it is over unless it is used again.</summary>
    public required DateTimeOffset EndsAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public string? EndedBy { get; set; }

    public IPAddress? Ip { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>Which life of the database it belongs to: one from before a dump was restored is over.</summary>
    public required Guid Epoch { get; init; }

    /// <summary>The context under which <see cref="Ticket"/> is sealed.</summary>
    public string Context => ContextOf(Id);

    public static string ContextOf(Guid id) => $"sessions/{id}";
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.ToTable("sessions", table =>
        {
            table.HasCheckConstraint("ck_sessions_key_hash", "octet_length(key_hash) = 32");
            table.HasCheckConstraint("ck_sessions_user_agent", "char_length(user_agent) <= 300");
        });
        session.Ignore(s => s.Context);
        session.Property(s => s.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        session.HasIndex(s => s.KeyHash).IsUnique();
        session.HasIndex(s => s.UserId).HasFilter("ended_at IS NULL");
        session.HasIndex(s => s.EndsAt);
        session.HasOne<User>().WithMany().HasForeignKey(s => s.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}
