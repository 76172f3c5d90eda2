using Platz.Tests.Core.Charts;
using Platz.Tests.Core.Charts.Extensions;
using Platz.Tests.Core.Tasks;
using Platz.Tests.Core.Values;
using Platz.Tests.Runner.Clusters;
using Platz.Tests.Runner.Helm;
using Platz.Tests.Runner.Operations;

namespace Platz.Tests.Web.Security;

/// <summary>Of charts: what they are read from, what they bring, and where Helm runs them.</summary>
internal static partial class SecurityCases
{
    private static IEnumerable<SecurityCase> Charts =>
    [
        new("hostile YAML", Is<YamlTextTests>(), Is<HostileExtensionTests>(),
            Is<YamlRoundTripTests>(nameof(YamlRoundTripTests.No_text_whatever_makes_it_throw))),
        new("YAML scalars", Is<YamlGoldenTests>(nameof(YamlGoldenTests.Scalars_mean_what_they_mean_to_helm))),
        new("JSON operation",
            Is<HostileRequestsTests>(nameof(HostileRequestsTests.An_operation_that_is_none_is_refused)), Is<OperationJsonTests>()),
        new("form of a chart", Is<HostileExtensionTests>(), Is<BrokenValuesUiTests>(), Is<JsonLogicTests>(),
            Is<TagFormatsTests>(nameof(TagFormatsTests.A_pattern_that_backtracks_without_end_elsewhere_is_quick_here))),
        new("chart archive", Is<HostileArchiveTests>()),
        new("OCI registry", Is<RegistryContentTests>(), Is<RegistryRedirectTests>(), Is<RegistryCredentialsTests>()),
        new("helm pod spec", Is<HelmPodSpecTests>(nameof(HelmPodSpecTests.It_fits_the_restricted_profile)),
            Is<ShippedRightsTests>(nameof(ShippedRightsTests.Where_helm_runs_a_pod_gets_neither_the_host_nor_its_privileges)),
            Is<Sandbox.AccessTests>(), Is<Sandbox.HelmPodTests>()),
        new("the runner's token elsewhere",
            Is<ShippedRightsTests>(nameof(ShippedRightsTests.The_runners_token_opens_nothing_else)),
            Is<ShippedPoliciesTests>(),
            Is<ShippedRightsTests>(nameof(ShippedRightsTests.Neither_of_them_acts_as_somebody_else)),
            Is<ShippedRightsTests>(
                nameof(ShippedRightsTests.The_check_for_a_real_cluster_finds_nothing_here_and_what_is_too_much_elsewhere)),
            Is<ShippedOperationsTests>(), Is<Sandbox.RbacTests>(), Is<Sandbox.AdmissionTests>()),
        new("malicious hook",
            Is<HelmPodSpecTests>(nameof(HelmPodSpecTests.It_has_no_token_of_an_account_and_nothing_secret_in_its_environment)),
            Is<HelmPodNetworkTests>(nameof(HelmPodNetworkTests.A_helm_pod_does_not_get_to)),
            Is<HelmPodNetworkTests>(
                nameof(HelmPodNetworkTests.The_policies_are_for_the_namespace_and_the_labels_of_helm_pods)),
            Is<ShippedRightsTests>(nameof(ShippedRightsTests.A_helm_pods_token_opens_no_other_namespace)),
            Is<Sandbox.HelmPodTests>(nameof(Sandbox.HelmPodTests.Have_no_more_rights_than_their_account))),
    ];
}
