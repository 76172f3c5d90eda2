namespace Platz.Core.Charts;

/// <summary>
/// The chart itself is at fault, so reading the same bytes again is of no use. The message names the file.
/// </summary>
public sealed class BrokenChartException(string message, Exception? cause = null) : Exception(message, cause);
