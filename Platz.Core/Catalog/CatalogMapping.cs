using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Platz.Core.Catalog;

internal sealed class EnvMapping : IEntityTypeConfiguration<Env>
{
    public void Configure(EntityTypeBuilder<Env> env)
    {
        env.ToTable("envs", table => table.HasCheckConstraint("ck_envs_name", "name <> ''"));
        env.Property(e => e.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        env.Property(e => e.NodeSelector).HasDefaultValueSql("'{}'");
        env.Property(e => e.Tolerations).HasDefaultValueSql("'[]'");
    }
}

internal sealed class ClusterMapping : IEntityTypeConfiguration<Cluster>
{
    public void Configure(EntityTypeBuilder<Cluster> cluster)
    {
        cluster.ToTable("k8s_clusters");
        cluster.Property(c => c.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        cluster.Ignore(c => c.KubeconfigContext);
        cluster.Property(c => c.IngressCidrs).HasDefaultValueSql("'{}'");
        cluster.HasIndex(c => c.ProviderId).IsUnique();
        cluster.HasOne<Env>().WithMany().HasForeignKey(c => c.EnvId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class KindMapping : IEntityTypeConfiguration<Kind>
{
    public void Configure(EntityTypeBuilder<Kind> kind)
    {
        kind.ToTable("deployment_kinds");
        kind.Property(k => k.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        kind.HasIndex(k => k.Name).IsUnique();
    }
}

internal sealed class RegistryMapping : IEntityTypeConfiguration<Registry>
{
    public void Configure(EntityTypeBuilder<Registry> registry)
    {
        registry.ToTable("helm_registries", table =>
            table.HasCheckConstraint("ck_helm_registries_provider", "provider IN ('Oci', 'Ecr')"));
        registry.Property(r => r.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        registry.Property(r => r.Provider).HasConversion<string>();
        registry.HasIndex(r => new { r.DomainName, r.RepoName }).IsUnique();
        registry.HasOne<Kind>().WithMany().HasForeignKey(r => r.KindId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class EnvSecretMapping : IEntityTypeConfiguration<EnvSecret>
{
    public void Configure(EntityTypeBuilder<EnvSecret> secret)
    {
        secret.ToTable("secrets", table => table.HasCheckConstraint(
            "ck_secrets_names", "collection <> '' AND name <> ''"));
        secret.Ignore(s => s.Context);
        secret.Property(s => s.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        secret.Property(s => s.UpdatedAt).HasDefaultValueSql("clock_timestamp()");
        secret.HasIndex(s => new { s.EnvId, s.Collection, s.Name }).IsUnique();
        secret.HasOne<Env>().WithMany().HasForeignKey(s => s.EnvId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SettingMapping : IEntityTypeConfiguration<Setting>
{
    public void Configure(EntityTypeBuilder<Setting> setting) => setting.ToTable("settings").HasKey(s => s.Key);
}
