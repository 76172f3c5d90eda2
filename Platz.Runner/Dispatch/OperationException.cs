namespace Platz.Runner.Dispatch;

/// <summary>An operation that failed; the message is what users read in the History.</summary>
internal sealed class OperationException(string summary, Exception? cause = null) : Exception(summary, cause);

/// <summary>Somebody asked to cancel; seen between phases.</summary>
internal sealed class StopRequestedException() : Exception("The task was canceled.");

/// <summary>Another runner has the task now: nothing more may be written.</summary>
internal sealed class LeaseLostException() : Exception("The lease was lost.");

/// <summary>This runner stops and lets the task go; the next one goes on with it.</summary>
internal sealed class HandOverException() : Exception("The task is handed over.");
