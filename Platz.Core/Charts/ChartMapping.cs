using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;

namespace Platz.Core.Charts;

internal sealed class ChartMapping : IEntityTypeConfiguration<Chart>
{
    public void Configure(EntityTypeBuilder<Chart> chart)
    {
        chart.ToTable("helm_charts");
        chart.Property(c => c.ExtensionFiles).HasDefaultValueSql("'{}'");
        chart.Property(c => c.ReinstallDependencies).HasDefaultValue(true).HasSentinel(true);
        chart.Property(c => c.ReaderVersion).HasDefaultValue(0);

        // A tag names one chart at a time; a tag pushed again leaves the older row behind, unavailable.
        chart.HasIndex(c => new { c.HelmRegistryId, c.ImageTag }).IsUnique().HasFilter("available")
            .HasDatabaseName("ix_helm_charts_one_per_tag");
        chart.HasIndex(c => new { c.HelmRegistryId, c.ImageTag, c.ImageDigest }).IsUnique();
        chart.HasOne<Registry>().WithMany().HasForeignKey(c => c.HelmRegistryId).OnDelete(DeleteBehavior.Restrict);
        chart.HasOne<TagFormat>().WithMany().HasForeignKey(c => c.TagFormatId).OnDelete(DeleteBehavior.SetNull);
    }
}
