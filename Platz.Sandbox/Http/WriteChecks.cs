using System.Text.Json.Nodes;
using Platz.Sandbox.Store;

namespace Platz.Sandbox.Http;

/// <summary>What is asked of a write beside whether its verb is allowed: whatever depends on what is written.</summary>
internal sealed class WriteChecks(Authorizer authorizer, RoleGrants grants, AdmissionPolicies policies)
{
    /// <summary>Applying what is not there creates it.</summary>
    public void RequireCreate(Caller caller, RequestInfo request) =>
        authorizer.Require(caller, Attributes.Of(request) with { Verb = "create" });

    /// <param name="json">Null where it is deleted.</param>
    /// <param name="old">Null where it is created.</param>
    public void Require(Caller caller, RequestInfo request, ResourceType type, JsonObject? json, JsonObject? old)
    {
        if (json is not null)
        {
            grants.Require(caller, request, type, json, old);
        }

        policies.Require(caller, request, type, json, old);
    }
}
