using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Platz.Core.Catalog;

namespace Platz.Core.Identity;

internal sealed class UserMapping : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> user)
    {
        user.ToTable("users");
        user.Property(u => u.CreatedAt).HasDefaultValueSql("clock_timestamp()");
    }
}

internal sealed class BotMapping : IEntityTypeConfiguration<Bot>
{
    public void Configure(EntityTypeBuilder<Bot> bot)
    {
        bot.ToTable("bots");
        bot.Property(b => b.CreatedAt).HasDefaultValueSql("clock_timestamp()");
    }
}

internal sealed class ApiTokenMapping : IEntityTypeConfiguration<ApiToken>
{
    public void Configure(EntityTypeBuilder<ApiToken> token)
    {
        token.ToTable("api_tokens", table =>
        {
            table.HasCheckConstraint("ck_api_tokens_one_owner", "num_nonnulls(user_id, bot_id) = 1");
            table.HasCheckConstraint(
                "ck_api_tokens_created_by", "bot_id IS NULL OR created_by_user_id IS NOT NULL");
            table.HasCheckConstraint(
                "ck_api_tokens_scope_role", "scope_role IN ('User', 'Maintainer', 'Owner', 'Admin')");
        });
        token.Property(t => t.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        token.Property(t => t.Cidrs).HasDefaultValueSql("'{}'");
        token.Property(t => t.ScopeRole).HasConversion<string>();
        token.HasIndex(t => t.Hash).IsUnique();
        token.HasIndex(t => t.UserId).HasFilter("user_id IS NOT NULL");
        token.HasIndex(t => t.BotId).HasFilter("bot_id IS NOT NULL");
        token.HasOne<User>().WithMany().HasForeignKey(t => t.UserId).OnDelete(DeleteBehavior.Restrict);
        token.HasOne<User>().WithMany().HasForeignKey(t => t.CreatedByUserId).OnDelete(DeleteBehavior.Restrict);
        token.HasOne<Bot>().WithMany().HasForeignKey(t => t.BotId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class SignInLinkMapping : IEntityTypeConfiguration<SignInLink>
{
    public void Configure(EntityTypeBuilder<SignInLink> link)
    {
        link.ToTable("sign_in_links").HasKey(l => l.Hash);
        link.Property(l => l.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        link.HasOne<User>().WithMany().HasForeignKey(l => l.UserId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal sealed class EnvPermissionMapping : IEntityTypeConfiguration<EnvPermission>
{
    public void Configure(EntityTypeBuilder<EnvPermission> permission)
    {
        permission.ToTable("env_user_permissions", table =>
        {
            table.HasCheckConstraint("ck_env_user_permissions_one_owner", "num_nonnulls(user_id, bot_id) = 1");
            table.HasCheckConstraint("ck_env_user_permissions_role", "role IN ('User', 'Admin')");
        });
        permission.Property(p => p.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        permission.Property(p => p.Role).HasConversion<string>();
        permission.HasIndex(p => new { p.EnvId, p.UserId }).IsUnique();
        permission.HasIndex(p => new { p.EnvId, p.BotId }).IsUnique();
        permission.HasIndex(p => p.UserId).HasFilter("user_id IS NOT NULL");
        permission.HasIndex(p => p.BotId).HasFilter("bot_id IS NOT NULL");
        permission.HasOne<Env>().WithMany().HasForeignKey(p => p.EnvId).OnDelete(DeleteBehavior.Cascade);
        permission.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
        permission.HasOne<Bot>().WithMany().HasForeignKey(p => p.BotId).OnDelete(DeleteBehavior.Cascade);
    }
}

internal sealed class DeploymentPermissionMapping : IEntityTypeConfiguration<DeploymentPermission>
{
    public void Configure(EntityTypeBuilder<DeploymentPermission> permission)
    {
        permission.ToTable("deployment_permissions", table =>
        {
            table.HasCheckConstraint("ck_deployment_permissions_one_owner", "num_nonnulls(user_id, bot_id) = 1");
            table.HasCheckConstraint("ck_deployment_permissions_role", "role IN ('Maintainer', 'Owner')");
        });
        permission.Property(p => p.CreatedAt).HasDefaultValueSql("clock_timestamp()");
        permission.Property(p => p.Role).HasConversion<string>();
        permission.HasIndex(p => new { p.EnvId, p.KindId, p.UserId }).IsUnique();
        permission.HasIndex(p => new { p.EnvId, p.KindId, p.BotId }).IsUnique();
        permission.HasIndex(p => p.UserId).HasFilter("user_id IS NOT NULL");
        permission.HasIndex(p => p.BotId).HasFilter("bot_id IS NOT NULL");
        permission.HasOne<Env>().WithMany().HasForeignKey(p => p.EnvId).OnDelete(DeleteBehavior.Cascade);
        permission.HasOne<Kind>().WithMany().HasForeignKey(p => p.KindId).OnDelete(DeleteBehavior.Restrict);
        permission.HasOne<User>().WithMany().HasForeignKey(p => p.UserId).OnDelete(DeleteBehavior.Cascade);
        permission.HasOne<Bot>().WithMany().HasForeignKey(p => p.BotId).OnDelete(DeleteBehavior.Cascade);
    }
}
