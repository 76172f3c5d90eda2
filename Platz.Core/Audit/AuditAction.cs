namespace Platz.Core.Audit;

/// <summary>What the audit trail tells of: the whole list.</summary>
public static class AuditAction
{
    public static IReadOnlyList<string> All { get; } =
    [
        .. typeof(AuditAction).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!),
    ];

    public const string SignInDone = "SignIn.Done";
    public const string SignInRefused = "SignIn.Refused";
    public const string SignOut = "SignOut";
    public const string SessionEnded = "Session.Ended";
    public const string LinkCreated = "Link.Created";
    public const string LinkUsed = "Link.Used";
    public const string LinkRefused = "Link.Refused";

    public const string UserCreated = "User.Created";
    public const string UserAdminGranted = "User.AdminGranted";
    public const string UserAdminTaken = "User.AdminTaken";
    public const string UserDeactivated = "User.Deactivated";
    public const string UserActivated = "User.Activated";
    public const string UserRenamed = "User.Renamed";
    public const string BotCreated = "Bot.Created";
    public const string BotRenamed = "Bot.Renamed";
    public const string BotDeleted = "Bot.Deleted";
    public const string TokenCreated = "Token.Created";
    public const string TokenRevoked = "Token.Revoked";
    public const string TokenRefusedMany = "Token.RefusedMany";
    public const string EnvRoleGranted = "EnvRole.Granted";
    public const string EnvRoleChanged = "EnvRole.Changed";
    public const string EnvRoleTaken = "EnvRole.Taken";
    public const string KindRoleGranted = "KindRole.Granted";
    public const string KindRoleChanged = "KindRole.Changed";
    public const string KindRoleTaken = "KindRole.Taken";

    public const string DeploymentChanged = "Deployment.Changed";
    public const string ResourceCreated = "Resource.Created";
    public const string ResourceChanged = "Resource.Changed";
    public const string ResourceDeleted = "Resource.Deleted";
    public const string SecretCreated = "Secret.Created";
    public const string SecretChanged = "Secret.Changed";
    public const string SecretRenamed = "Secret.Renamed";
    public const string SecretDeleted = "Secret.Deleted";
    public const string EnvCreated = "Env.Created";
    public const string EnvRenamed = "Env.Renamed";
    public const string EnvAutoAddChanged = "Env.AutoAddChanged";
    public const string EnvPlacementChanged = "Env.PlacementChanged";
    public const string EnvDeleted = "Env.Deleted";
    public const string ClusterFound = "Cluster.Found";
    public const string ClusterChanged = "Cluster.Changed";
    public const string ClusterIgnored = "Cluster.Ignored";
    public const string ClusterEnvChanged = "Cluster.EnvChanged";
    public const string ClusterDeleted = "Cluster.Deleted";
    public const string RegistryFound = "Registry.Found";
    public const string RegistryIconChanged = "Registry.IconChanged";
    public const string RegistryGone = "Registry.Gone";
    public const string KindRenamed = "Kind.Renamed";
    public const string TagFormatAdded = "TagFormat.Added";
    public const string TagFormatDeleted = "TagFormat.Deleted";
    public const string SettingChanged = "Setting.Changed";

    public const string RetentionRan = "Retention.Ran";
    public const string ExportTasks = "Export.Tasks";
    public const string ExportAudit = "Export.Audit";
    public const string Denied = "Denied";
    public const string AuditVerified = "Audit.Verified";
    public const string AuditHeadExported = "Audit.HeadExported";
    public const string EpochChanged = "Epoch.Changed";
}
