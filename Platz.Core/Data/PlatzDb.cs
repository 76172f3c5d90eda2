using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata.Conventions;
using Platz.Core.Activity;
using Platz.Core.Audit;
using Platz.Core.Catalog;
using Platz.Core.Charts;
using Platz.Core.Deployments;
using Platz.Core.Identity;
using Platz.Core.Insight;
using Platz.Core.Resources;
using Platz.Core.Tasks;

namespace Platz.Core.Data;

/// <summary>The database. A context lives for one operation; tasks are written by <see cref="TaskQueue"/> alone.</summary>
public sealed class PlatzDb(DbContextOptions<PlatzDb> options) : DbContext(options)
{
    /// <summary>What a command has refused; the audit trail is told of it once the command is over.</summary>
    internal Denial? Denial { get; set; }

    public DbSet<Env> Envs => Set<Env>();

    public DbSet<Cluster> Clusters => Set<Cluster>();

    public DbSet<Registry> Registries => Set<Registry>();

    public DbSet<Kind> Kinds => Set<Kind>();

    public DbSet<Chart> Charts => Set<Chart>();

    public DbSet<TagFormat> TagFormats => Set<TagFormat>();

    public DbSet<EnvSecret> Secrets => Set<EnvSecret>();

    public DbSet<Setting> Settings => Set<Setting>();

    public DbSet<Deployment> Deployments => Set<Deployment>();

    public DbSet<DeploymentDependency> Dependencies => Set<DeploymentDependency>();

    public DbSet<DeploymentTask> Tasks => Set<DeploymentTask>();

    public DbSet<DeploymentTaskPhase> TaskPhases => Set<DeploymentTaskPhase>();

    public DbSet<InsightDay> InsightDays => Set<InsightDay>();

    public DbSet<InsightProgress> InsightProgress => Set<InsightProgress>();

    public DbSet<InsightLateTask> InsightLateTasks => Set<InsightLateTask>();

    public DbSet<K8sResource> K8sResources => Set<K8sResource>();

    public DbSet<DeploymentResourceType> ResourceTypes => Set<DeploymentResourceType>();

    public DbSet<DeploymentResource> Resources => Set<DeploymentResource>();

    public DbSet<DeploymentCredential> Credentials => Set<DeploymentCredential>();

    public DbSet<SavedView> SavedViews => Set<SavedView>();

    public DbSet<User> Users => Set<User>();

    public DbSet<Bot> Bots => Set<Bot>();

    public DbSet<UserIdentity> UserIdentities => Set<UserIdentity>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<SignInAttempts> SignInAttempts => Set<SignInAttempts>();

    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();

    public DbSet<SignInLink> SignInLinks => Set<SignInLink>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<EnvPermission> EnvPermissions => Set<EnvPermission>();

    public DbSet<DeploymentPermission> DeploymentPermissions => Set<DeploymentPermission>();

    public DbSet<AuditEvent> AuditEvents => Set<AuditEvent>();

    public DbSet<AuditHead> AuditHeads => Set<AuditHead>();

    public override async ValueTask DisposeAsync()
    {
        var attempts = Denial is null ? null : this.GetService<DeniedAttempts>();
        await base.DisposeAsync();
        if (attempts is not null)
        {
            await attempts.NoteCommandAsync(Denial!);
        }
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasPostgresExtension("pg_trgm"); // a trusted one: whoever owns the database may add it
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(PlatzDb).Assembly);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.MapJson();

        // Indexes are chosen one by one: most referenced rows are never deleted, and each index costs writes.
        configurationBuilder.Conventions.Remove<ForeignKeyIndexConvention>();
    }
}
