using System.Runtime.Versioning;
using Platz.Tests.Core.Audit;
using Platz.Tests.Core.Catalog;
using Platz.Tests.Core.Charts;
using Platz.Tests.Core.Charts.Extensions;
using Platz.Tests.Core.Deployments;
using Platz.Tests.Core.Identity;
using Platz.Tests.Core.Tasks;
using Platz.Tests.Core.Values;
using Platz.Tests.Journeys;
using Platz.Tests.Journeys.Planted;
using Platz.Tests.Runner.Http;
using Platz.Tests.Runner.Operations;
using Platz.Tests.Web.Access;
using Platz.Tests.Web.Api;
using Platz.Tests.Web.Api.Fuzz;
using Platz.Tests.Web.Audit;
using Platz.Tests.Web.Events;
using Platz.Tests.Web.Health;
using Platz.Tests.Web.Markdown;
using Platz.Tests.Web.SignIn;
using Platz.Tests.Web.Tasks;
using Platz.Tests.Web.Tasks.Logs;

namespace Platz.Tests.Web.Security;

/// <summary>One row of security.md 4, and the tests that prove its answer.</summary>
/// <param name="Tests">A class, or a method of one.</param>
public sealed record SecurityCase(string Name, params (Type Class, string? Method)[] Tests);

/// <summary>The rows of security.md 4 in its order, each by a short name.</summary>
[UnsupportedOSPlatform("windows")]
internal static partial class SecurityCases
{
    public static IEnumerable<SecurityCase> All =>
        [.. SignIn, .. Circuits, .. Rights, .. Tokens, .. Secrets, .. Text, .. Calls, .. Charts, .. Http, .. Evidence];

    private static IEnumerable<SecurityCase> SignIn =>
    [
        new("callback without state",
            Is<IdTokenTests>(nameof(IdTokenTests.An_answer_to_nobodys_question_is_refused)),
            Is<IdTokenTests>(nameof(IdTokenTests.An_answer_counts_once_and_in_the_browser_that_asked))),
        new("faulty id token",
            Is<IdTokenTests>(nameof(IdTokenTests.A_token_with_a_fault_does_not)),
            Is<IdTokenTests>(nameof(IdTokenTests.Keys_that_nobody_knows_are_not_asked_for_again_and_again))),
        new("admin by e-mail",
            Is<ProviderSignInTests>(nameof(ProviderSignInTests.Admins_are_those_of_the_configuration_for_as_long_as_it_says_so))),
        new("return url",
            Is<SessionTests>(nameof(SessionTests.Only_a_page_of_ours_is_returned_to)),
            Is<ProviderSignInTests>(nameof(ProviderSignInTests.Nobody_is_led_to_another_site))),
        new("session from before",
            Is<SessionStoreTests>(nameof(SessionStoreTests.Whoever_signs_in_again_has_another_session_and_the_one_before_is_over))),
        new("cookie edited, foreign, expired",
            Is<SessionTests>(nameof(SessionTests.An_edited_cookie_or_one_of_another_server_is_nobodys)),
            Is<SessionTests>(nameof(SessionTests.A_made_up_cookie_is_nobodys)),
            Is<SessionTests>(nameof(SessionTests.A_session_that_rests_too_long_is_over))),
        new("sign-out in another tab",
            Is<SignOutJourney>(nameof(SignOutJourney.Who_signs_out_in_one_tab_does_nothing_in_the_other_any_more))),
        new("deactivated with an open page",
            Is<SignOutJourney>(nameof(SignOutJourney.Who_is_deactivated_while_a_page_is_open_changes_nothing_with_it)),
            Is<SessionStoreTests>(nameof(SessionStoreTests.A_live_page_learns_of_its_end_without_waiting))),
        new("sign-out by an image", Is<SessionTests>(nameof(SessionTests.Signing_out_needs_a_form_of_ours))),
        new("cross-origin form",
            Is<ForeignFormTests>(nameof(ForeignFormTests.A_form_of_another_site_is_refused_wherever_it_is_sent)),
            Is<CrossSiteTests>(nameof(CrossSiteTests.From_another_site_one_comes_by_a_link_and_in_no_other_way))),
        new("cookie of a neighbour",
            Is<SessionCookieTests>(nameof(SessionCookieTests.Over_https_a_cookie_of_a_neighbour_is_not_taken_for_ours))),
    ];

    private static IEnumerable<SecurityCase> Circuits =>
    [
        new("hub origin",
            Is<HeadersTests>(nameof(HeadersTests.A_circuit_is_opened_from_our_own_pages_alone)),
            Is<EventsHubAccessTests>(nameof(EventsHubAccessTests.Nobody_else_and_no_page_of_another_site_opens_it))),
        new("circuit of another user",
            Is<CircuitJourney>(nameof(CircuitJourney.Whoever_connects_to_the_circuit_of_somebody_else_finds_it_signed_out)),
            Is<SessionStoreTests>(nameof(SessionStoreTests.A_live_page_is_nobody_elses))),
        new("a thousand circuits of one user",
            Is<OpenPagesTests>(nameof(OpenPagesTests.A_thousand_circuits_of_one_person_are_capped_and_nobody_else_notices))),
        new("huge, many and malformed messages",
            Is<OpenPagesTests>(nameof(OpenPagesTests.Who_says_too_much_or_nothing_that_can_be_read_is_disconnected)),
            Is<EventsHubAccessTests>(nameof(EventsHubAccessTests.What_is_too_long_or_malformed_ends_its_connection_and_no_other)),
            Is<EventSocketTests>(nameof(EventSocketTests.Junk_is_ignored_and_what_is_too_long_ends_the_connection))),
    ];

    private static IEnumerable<SecurityCase> Rights =>
    [
        new("every page and command by every role", Is<CommandAccessTests>(), Is<PageAccessTests>(), Is<RoleTableTests>()),
        new("cancel by who may not",
            Is<RolesApiTests>(nameof(RolesApiTests.A_task_is_canceled_by_whoever_asked_and_by_maintainers_not_by_members)),
            Is<OneBotTests>(nameof(OneBotTests.Another_kind_in_its_env_it_sees_and_leaves_alone)),
            Is<CommandAccessTests>()),
        new("action by who may not, or when it may not", Is<CommandAccessTests>(), Is<RoleTableTests>(),
            Is<InvokeActionTests>(nameof(InvokeActionTests.What_must_not_be_called_is_not_called))),
        new("restart of something else",
            Is<HostileRequestsTests>(nameof(HostileRequestsTests.Only_what_runs_of_the_deployment_itself_is_restarted)),
            Is<RestartTests>(nameof(RestartTests.What_is_not_the_deployments_or_not_there_or_no_workload_is_refused))),
        new("override by a maintainer", Is<RoleTableTests>(), Is<CommandAccessTests>(),
            Is<RolesApiTests>(nameof(RolesApiTests.The_override_is_an_owners_to_read_and_its_mask_sent_back_keeps_it))),
        new("over-posted fields",
            Is<HostileRequestsTests>(nameof(HostileRequestsTests.What_is_not_the_callers_to_say_is_ignored))),
        new("two actors, or none", Is<TaskStateTests>(nameof(TaskStateTests.A_task_has_exactly_one_actor))),
        new("filter, sort, page, cursor",
            Is<HostileRequestsTests>(nameof(HostileRequestsTests.A_page_that_cannot_be_is_refused_by_name)),
            Is<TaskListApiTests>(nameof(TaskListApiTests.A_cursor_does_not_lead_where_one_may_not_look)),
            Is<TaskListApiTests>(nameof(TaskListApiTests.Who_asks_for_too_large_a_page_gets_the_largest))),
        new("SQL text", Is<HostileRequestsTests>(nameof(HostileRequestsTests.What_looks_like_SQL_is_kept_as_it_was_sent))),
    ];

    private static IEnumerable<SecurityCase> Tokens =>
    [
        new("bad bot token",
            Is<ApiAccessTests>(nameof(ApiAccessTests.Every_bad_token_gets_the_same_answer)),
            Is<ApiTokensTests>(nameof(ApiTokensTests.What_cannot_be_a_token_does_not_reach_the_database)),
            Is<ApiTokensTests>(nameof(ApiTokensTests.An_expired_token_is_refused)),
            Is<ApiTokensTests>(nameof(ApiTokensTests.A_token_stops_working_at_once)),
            Is<TokenTextTests>(nameof(TokenTextTests.Anything_else_is_no_token))),
        new("a thousand bad tokens", Is<LimitsTests>(nameof(LimitsTests.Who_guesses_tokens_waits_also_after_a_restart))),
        new("token from a dump",
            Is<ApiTokensTests>(nameof(ApiTokensTests.Reading_the_database_is_not_enough_to_use_or_check_a_token))),
    ];

    private static IEnumerable<SecurityCase> Secrets =>
    [
        new("sealed row copied over another",
            Is<EnvelopeTests>(nameof(EnvelopeTests.A_value_copied_to_another_place_does_not_open)),
            Is<SecretEditorTests>(nameof(SecretEditorTests.Contents_are_sealed_at_rest_and_bound_to_their_row_and_version))),
        new("unknown key, flipped tag, old key",
            Is<EnvelopeTests>(nameof(EnvelopeTests.No_flipped_bit_and_no_cut_goes_unnoticed)),
            Is<EnvelopeTests>(nameof(EnvelopeTests.Another_key_under_the_same_name_opens_nothing)),
            Is<EnvelopeTests>(nameof(EnvelopeTests.A_new_key_on_top_seals_while_the_old_one_still_opens))),
        new("dump searched for canaries", Is<PlantedSecretsTests>()),
        new("helm prints the canary", Is<PlantedSecretsTests>(), Is<RedactorTests>(),
            Is<LogLinesTests>(nameof(LogLinesTests.A_long_line_comes_in_parts_and_a_secret_hides_in_no_gap))),
        new("canary in an error", Is<PlantedSecretsTests>(),
            Is<RegistryTroubleTests>(nameof(RegistryTroubleTests.What_a_registry_was_asked_with_stands_in_no_error)),
            Is<ApiAccessTests>(nameof(ApiAccessTests.A_fault_of_ours_shows_a_trace_id_and_no_trace))),
        new("canary in diffs, previews, frames", Is<PlantedSecretsTests>(), Is<SensitiveInputsTests>()),
    ];

    private static IEnumerable<SecurityCase> Text =>
    [
        new("markup in output",
            Is<HostileTextJourney>(nameof(HostileTextJourney.What_a_chart_writes_is_text_wherever_it_is_shown)),
            Is<MarkdownTextTests>(nameof(MarkdownTextTests.Html_is_shown_as_it_was_typed))),
        new("terminal sequences",
            Is<AnsiTextTests>(nameof(AnsiTextTests.Everything_else_a_terminal_would_obey_is_dropped)),
            Is<AnsiTextTests>(nameof(AnsiTextTests.What_hides_or_turns_text_is_shown_as_a_symbol)),
            Is<LogTextTests>(nameof(LogTextTests.What_would_hide_or_turn_text_is_shown_as_a_symbol))),
        new("line breaks in what is logged",
            Is<OneLineFormatterTests>(nameof(OneLineFormatterTests.A_name_neither_breaks_a_line_nor_speaks_to_the_terminal)),
            Is<OneLineFormatterTests>(nameof(OneLineFormatterTests.An_exception_stands_in_the_same_line))),
        new("deployment name",
            Is<LocationTests>(nameof(LocationTests.A_name_that_is_no_label_is_refused)),
            Is<LocationTests>(nameof(LocationTests.A_namespace_of_kubernetes_is_nobodys)),
            Is<DeploymentsApiTests>(nameof(DeploymentsApiTests.What_is_wrong_is_told_field_by_field))),
        new("chart tag or repository",
            Is<RegistryListTests>(nameof(RegistryListTests.Names_that_would_be_options_or_paths_are_left_out)),
            Is<OciRegistryTests>(nameof(OciRegistryTests.Nothing_is_asked_for_by_a_name_that_cannot_be_a_tag)),
            Is<OciRegistryTests>(nameof(OciRegistryTests.Nothing_is_asked_for_by_a_name_that_cannot_be_a_repository)),
            Is<RegistryAddressTests>(nameof(RegistryAddressTests.Gives_helm_the_chart_by_digest))),
    ];

    private static IEnumerable<SecurityCase> Calls =>
    [
        new("action path", Is<TargetPathTests>(), Is<ActionUrlTests>()),
        new("ingress at a forbidden address",
            Is<ActionUrlTests>(nameof(ActionUrlTests.Addresses_are_public_or_in_a_range_that_was_named)),
            Is<IngressClientTests>(nameof(IngressClientTests.Where_dns_decides_the_address_is_checked_before_a_packet_is_sent))),
        new("host in another writing", Is<ActionUrlTests>(nameof(ActionUrlTests.What_is_no_plain_host_name_is_refused))),
        new("redirect to metadata", Is<IngressClientTests>(nameof(IngressClientTests.A_redirect_is_an_answer))),
        new("endless answers",
            Is<IngressClientTests>(nameof(IngressClientTests.Of_a_body_without_end_64_kilobytes_are_kept)),
            Is<IngressClientTests>(nameof(IngressClientTests.Headers_without_end_are_no_answer)),
            Is<IngressClientTests>(nameof(IngressClientTests.A_compressed_body_is_left_as_it_is)),
            Is<IngressClientTests>(nameof(IngressClientTests.After_thirty_seconds_it_is_over))),
        new("headers to the target",
            Is<IngressClientTests>(nameof(IngressClientTests.The_chart_gets_the_request_and_nothing_else_of_ours))),
        new("bad certificate",
            Is<IngressClientTests>(nameof(IngressClientTests.A_certificate_that_does_not_fit_ends_it_before_anything_is_sent))),
    ];

    private static IEnumerable<SecurityCase> Http =>
    [
        new("forged X-Forwarded headers",
            Is<CrossSiteTests>(nameof(CrossSiteTests.What_anybody_can_write_in_a_header_is_believed_of_nobody)),
            Is<NetworkEdgeTests>(nameof(NetworkEdgeTests.A_proxy_that_is_known_is_believed)),
            Is<NetworkEdgeTests>(nameof(NetworkEdgeTests.By_a_name_that_is_not_its_own_it_answers_nothing))),
        new("TRACE, unknown verbs, long headers",
            Is<ApiAccessTests>(nameof(ApiAccessTests.What_is_thrown_at_the_api_is_answered_by_a_problem_document)),
            Is<NotHttpTests>()),
        new("what the process tells of itself",
            Is<HostileRequestsTests>(nameof(HostileRequestsTests.Nothing_is_told_to_whoever_is_not_signed_in)),
            Is<HealthTests>(), Is<OpenApiTests>(nameof(OpenApiTests.It_is_read_with_a_token_or_a_session_and_by_nobody_else))),
        new("any exception",
            Is<ApiAccessTests>(nameof(ApiAccessTests.A_fault_of_ours_shows_a_trace_id_and_no_trace)),
            Is<HeadersTests>(nameof(HeadersTests.A_fault_carries_them_too)), Is<MalformedRequestsTests>()),
        new("headers everywhere",
            Is<HeadersTests>(nameof(HeadersTests.Every_answer_carries_the_same_headers)),
            Is<HeadersTests>(nameof(HeadersTests.A_static_file_differs_only_in_being_kept))),
        new("injected script",
            Is<HostileTextJourney>(nameof(HostileTextJourney.A_script_that_got_into_a_page_all_the_same_does_not_run))),
        new("framed page", Is<HostileTextJourney>(nameof(HostileTextJourney.Another_site_shows_no_page_of_ours_in_a_frame))),
    ];

    private static IEnumerable<SecurityCase> Evidence =>
    [
        new("history and audit tampered with",
            Is<AuditLogTests>(nameof(AuditLogTests.What_is_told_is_neither_changed_nor_deleted)),
            Is<TaskStateTests>(nameof(TaskStateTests.A_finished_task_never_changes_again)),
            Is<TaskStateTests>(nameof(TaskStateTests.No_task_is_ever_deleted)),
            Is<AuditChainTests>(nameof(AuditChainTests.What_was_done_behind_the_triggers_back_is_found))),
        new("tail of the chain cut off",
            Is<VerifyAuditTests>(nameof(VerifyAuditTests.What_was_cut_off_at_the_end_is_found_by_the_heads_kept_elsewhere))),
        new("events without the right",
            Is<EventSocketTests>(nameof(EventSocketTests.Nobody_hears_of_what_they_may_not_read_and_of_nothing_once_the_right_is_taken)),
            Is<EventSocketTests>(nameof(EventSocketTests.A_token_that_is_revoked_ends_its_connections)),
            Is<RoleTableTests>(nameof(RoleTableTests.Over_the_hub_everybody_hears_what_the_table_says)),
            Is<EventsHubAccessTests>(nameof(EventsHubAccessTests.A_token_that_is_revoked_and_a_session_that_is_over_end_their_connections))),
        new("forged NOTIFY", Is<EventSocketTests>(nameof(EventSocketTests.What_another_role_notifies_tells_no_more_than_ids))),
        new("old dump restored",
            Is<SessionStoreTests>(nameof(SessionStoreTests.Sessions_that_a_dump_brings_back_are_over_when_everybody_was_signed_out)),
            Is<TaskQueueTests>(nameof(TaskQueueTests.A_live_lease_is_not_taken_over_and_a_heartbeat_keeps_it_alive))),
    ];

    private static (Type Class, string? Method) Is<T>(string? method = null) => (typeof(T), method);
}
