using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;
using Platz.Core.Identity;

namespace Platz.Core.Activity;

/// <summary>A filter that somebody keeps under a name, for one env or for the page of all.</summary>
public sealed class SavedView
{
    public const int LongestName = 60;
    public const int LongestQuery = 4_000;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required Guid UserId { get; init; }

    /// <summary>Null for the page of all envs.</summary>
    public Guid? EnvId { get; init; }

    public required string Name { get; set; }

    /// <summary>As it stands in the address, without the question mark; whatever a later version cannot read is left out.</summary>
    public required string Query { get; init; }
}

internal sealed class SavedViewMapping : IEntityTypeConfiguration<SavedView>
{
    public const string OneOfAName = "ix_saved_views_name";

    public void Configure(EntityTypeBuilder<SavedView> view)
    {
        view.ToTable("saved_views", table =>
        {
            table.HasCheckConstraint(
                "ck_saved_views_name", $"name <> '' AND char_length(name) <= {SavedView.LongestName}");
            table.HasCheckConstraint("ck_saved_views_query", $"char_length(query) <= {SavedView.LongestQuery}");
        });
        view.Property(v => v.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        view.HasIndex(v => new { v.UserId, v.EnvId, v.Name }).IsUnique().AreNullsDistinct(false)
            .HasDatabaseName(OneOfAName);
        view.HasOne<User>().WithMany().HasForeignKey(v => v.UserId).OnDelete(DeleteBehavior.Cascade);
        view.HasOne<Env>().WithMany().HasForeignKey(v => v.EnvId).OnDelete(DeleteBehavior.Cascade);
    }
}
