using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Charts;

/// <summary>How to read a tag: a pattern with the named groups version, revision, commit and branch.</summary>
public sealed class TagFormat
{
    public const int MaxLength = 1000;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public DateTimeOffset CreatedAt { get; init; }

    public required string Pattern { get; init; }
}

internal sealed class TagFormatMapping : IEntityTypeConfiguration<TagFormat>
{
    public void Configure(EntityTypeBuilder<TagFormat> format)
    {
        // That each pattern is there once, an index over its hash says: a thousand letters can be too much for an index.
        format.ToTable("helm_tag_formats", table => table.HasCheckConstraint(
            "ck_helm_tag_formats_pattern", "char_length(pattern) BETWEEN 1 AND 1000"));
        format.Property(f => f.CreatedAt).HasDefaultValueSql("clock_timestamp()");
    }
}
