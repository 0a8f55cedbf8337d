namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Where the engines may differ about inputs that do not fit, and why.</summary>
internal static class BadInputs
{
    /// <summary>Ops that take any shape and any value.</summary>
    public static IReadOnlyList<string> TakesAnything { get; } = [];

    /// <summary>Whether a difference is known.</summary>
    /// <param name="type">The op.</param>
    /// <param name="ours">What the managed engine does: a <see cref="RunErrorCode"/>, or sizes.</param>
    /// <param name="theirs">What TensorFlow does.</param>
    public static bool MayDiffer(string type, string ours, string theirs) => false;
}
