namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Base of tests that run TensorFlow; skipped with the reason where its library is not there.</summary>
public abstract class NeedsTensorFlow
{
    /// <summary>Skips the fixture without the library.</summary>
    [OneTimeSetUp]
    public void RequireLibrary()
    {
        if (!TensorFlowLibrary.IsAvailable(out string problem)) Assert.Ignore(problem);
    }

    /// <summary>Options for TensorFlow with every op as it stands in the graph.</summary>
    internal static SessionOptions Plain { get; } = new() { Engine = Engine.TensorFlow, Fuse = false };
}
