using System.Text.Json;
using System.Text.Json.Nodes;
using Platz.Core.Audit;

namespace Platz.Web.Audit;

/// <summary>One sentence for each action: who did it stands before it, and what it was done to within it.</summary>
internal static class AuditWords
{
    private static readonly Dictionary<string, Func<AuditEvent, AuditSentence>> s_sentences = new()
    {
        [AuditAction.SignInDone] = _ => new("signed in"),
        [AuditAction.SignInRefused] = e => new("was not let in as", $": {Text(e, "why")}"),
        [AuditAction.SignOut] = _ => new("signed out"),
        [AuditAction.SessionEnded] = _ => new("ended the sessions of", ""),
        [AuditAction.LinkCreated] = _ => new("made a sign-in link for", ""),
        [AuditAction.LinkUsed] = _ => new("signed in with a link"),
        [AuditAction.LinkRefused] = e => new("opened a sign-in link for", $", which was refused: {Text(e, "why")}"),

        [AuditAction.UserCreated] = e => IsOneself(e) ? new("signed in for the first time") : new("made the user", ""),
        [AuditAction.UserAdminGranted] = e =>
            IsOneself(e) ? new("became a site admin by signing in") : new("made", " a site admin"),
        [AuditAction.UserAdminTaken] = e =>
            IsOneself(e) ? new("is no site admin any more since signing in") : new("took the rights of a site admin from", ""),
        [AuditAction.UserDeactivated] = _ => new("deactivated", ""),
        [AuditAction.UserActivated] = _ => new("activated", " again"),
        [AuditAction.UserRenamed] = e => IsOneself(e) ? new("has got another name") : new("renamed", ""),
        [AuditAction.BotCreated] = _ => new("made the bot", ""),
        [AuditAction.BotRenamed] = e => new($"renamed the bot {Text(e, "before")} to", ""),
        [AuditAction.BotDeleted] = _ => new("deleted the bot", ""),
        [AuditAction.TokenCreated] = e => new("made the token", $" of {Owner(e)}"),
        [AuditAction.TokenRevoked] = e => new("revoked the token", $" of {Owner(e)}"),
        [AuditAction.TokenRefusedMany] = e => new($"sent {Text(e, "within_a_minute")} tokens that are not valid, from", ""),
        [AuditAction.EnvRoleGranted] = e => new("gave", $" the role {Text(e, "role")} in {Text(e, "env")}"),
        [AuditAction.EnvRoleChanged] = e =>
            new("changed the role of", $" in {Text(e, "env")} from {Text(e, "before")} to {Text(e, "role")}"),
        [AuditAction.EnvRoleTaken] = e => new($"took the role {Text(e, "role")} in {Text(e, "env")} from", ""),
        [AuditAction.KindRoleGranted] = e => new("gave", $" the role {KindRole(e)}"),
        [AuditAction.KindRoleChanged] = e => new("gave", $" the role {KindRole(e)} in place of {Text(e, "before")}"),
        [AuditAction.KindRoleTaken] = e => new($"took the role {KindRole(e)} from", ""),

        [AuditAction.DeploymentChanged] = e => new("changed the deployment", $", without a task{Changed(e)}"),
        [AuditAction.ResourceCreated] = e => new($"made the {Text(e, "type")}", ""),
        [AuditAction.ResourceChanged] = e => new($"changed the {Text(e, "type")}", Changed(e)),
        [AuditAction.ResourceDeleted] = e => new($"deleted the {Text(e, "type")}", ""),
        [AuditAction.SecretCreated] = _ => new("made the secret", ""),
        [AuditAction.SecretChanged] = _ => new("changed the contents of the secret", ""),
        [AuditAction.SecretRenamed] = e => new($"renamed the secret {Text(e, "before")} to", ""),
        [AuditAction.SecretDeleted] = _ => new("deleted the secret", ""),
        [AuditAction.EnvCreated] = _ => new("made the env", ""),
        [AuditAction.EnvRenamed] = e => new($"renamed the env {Text(e, "before")} to", ""),
        [AuditAction.EnvAutoAddChanged] = e =>
            new("set the env", Is(e, "auto_add_new_users") ? " to take in new users" : " to take in no new users"),
        [AuditAction.EnvPlacementChanged] = _ => new("changed where the pods of", " run"),
        [AuditAction.EnvDeleted] = _ => new("deleted the env", ""),
        [AuditAction.ClusterFound] = _ => new("took in the cluster", ", which stands in the configuration"),
        [AuditAction.ClusterChanged] = e => new("changed the cluster", $": {List(e, "changed")}"),
        [AuditAction.ClusterIgnored] = e => new("set the cluster", Is(e, "ignored") ? " to be ignored" : " to be used again"),
        [AuditAction.ClusterEnvChanged] = e => e.Detail.ContainsKey("left")
            ? new("took the cluster", $" out of {Text(e, "left")}")
            : new("put the cluster", $" into {Text(e, "joined")}"),
        [AuditAction.ClusterDeleted] = _ => new("deleted the cluster", ""),
        [AuditAction.RegistryFound] = _ => new("found the registry", ""),
        [AuditAction.RegistryIconChanged] = e => new("gave the registry", $" the icon {Text(e, "icon")}"),
        [AuditAction.RegistryGone] = _ => new("found the registry", " no more"),
        [AuditAction.KindRenamed] = e => new($"renamed the kind {Text(e, "before")} to", ""),
        [AuditAction.TagFormatAdded] = _ => new("added the tag format", ""),
        [AuditAction.TagFormatDeleted] = _ => new("deleted the tag format", ""),
        [AuditAction.SettingChanged] = e =>
            new("started with the setting", $" changed from {Value(e, "before")} to {Value(e, "after")}"),

        [AuditAction.RetentionRan] = e => new("cleared away "
            + $"{Count(e, "sessions", "session")} and {Count(e, "sign_in_links", "sign-in link")} that ended before {Text(e, "until")}"),
        [AuditAction.ExportTasks] = _ => new("took a file of tasks"),
        [AuditAction.ExportAudit] = _ => new("took a file of the audit trail"),
        [AuditAction.Denied] = e => new($"was refused: {Text(e, "what")}"),
        [AuditAction.AuditVerified] = e => new(e.Outcome is AuditOutcome.Failed
            ? $"found the audit trail damaged: {Text(e, "why")}"
            : $"verified the audit trail up to event {Text(e, "seq")}"),
        [AuditAction.AuditHeadExported] = e => new(e.Outcome is AuditOutcome.Failed
            ? $"could not tell the head of the audit trail to somebody outside: {Text(e, "why")}"
            : $"told the head of the audit trail, event {Text(e, "seq")}, to somebody outside"),
        [AuditAction.EpochChanged] = _ => new("signed everybody out"),
    };

    /// <summary>An action that a later version has written is told by its name.</summary>
    public static AuditSentence Of(AuditEvent happened) => s_sentences.TryGetValue(happened.Action, out var sentence)
        ? sentence(happened)
        : new AuditSentence($"{happened.Action}:", "");

    public static bool Knows(string action) => s_sentences.ContainsKey(action);

    public static string Actor(AuditEvent happened) => happened.ActorName.Length > 0 ? happened.ActorName : "Somebody";

    private static bool IsOneself(AuditEvent e) => e.ActorId is not null && e.ActorId == e.SubjectId;

    private static string Owner(AuditEvent e) => Text(e, "bot", Text(e, "user"));

    private static string KindRole(AuditEvent e) => $"{Text(e, "role")} of {Text(e, "kind")} in {Text(e, "env")}";

    private static bool Is(AuditEvent e, string name) => e.Detail[name]?.GetValueKind() is JsonValueKind.True;

    private static string Text(AuditEvent e, string name, string otherwise = "?") => e.Detail[name]?.ToString() ?? otherwise;

    private static string Value(AuditEvent e, string name) => Text(e, name) is { Length: > 0 } value ? value : "nothing";

    private static string Count(AuditEvent e, string name, string one) => Text(e, name) switch
    {
        "1" => $"1 {one}",
        var count => $"{count} {one}s",
    };

    /// <summary>Nothing where all was sent again as it was.</summary>
    private static string Changed(AuditEvent e) => e.Detail["changed"] is JsonArray { Count: > 0 } ? $": {List(e, "changed")}" : "";

    private static string List(AuditEvent e, string name) =>
        e.Detail[name] is JsonArray list ? string.Join(", ", list.Select(item => $"{item}")) : "?";
}

/// <param name="Before">What stands before the subject.</param>
/// <param name="After">What stands behind it; null where the sentence names no subject.</param>
internal sealed record AuditSentence(string Before, string? After = null)
{
    public string With(string subject) => After is null ? Before : $"{Before} {subject}{After}";
}
