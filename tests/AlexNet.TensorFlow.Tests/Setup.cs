using AlexNetTF.TensorFlow;

namespace AlexNetTF.TensorFlow.Tests;

/// <summary>Before anything else: the engine's tests need TensorFlow's library and say so where it is not there.</summary>
[SetUpFixture]
public sealed class Setup
{
    /// <summary>oneDNN computes in another order and fails on empty batches; the judge is TensorFlow's own kernels.</summary>
    [OneTimeSetUp]
    public void TensorFlowsOwnKernels() => NativeEnvironment.SetDefault("TF_ENABLE_ONEDNN_OPTS", "0");
}

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
