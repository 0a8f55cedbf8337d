namespace AlexNetTF.TensorFlow.Tests;

/// <summary>How an op's numbers are compared.</summary>
internal enum Judge
{
    /// <summary>Floats within 8 times TensorFlow's own distance from float64 plus 1e-6 of the largest magnitude; all else exactly.</summary>
    General,

    /// <summary>The same values.</summary>
    Exact,

    /// <summary>Within 1e-5 of the largest magnitude: convolutions that Winograd's algorithm may compute.</summary>
    Convolution,

    /// <summary>Within 2e-6: normally distributed random numbers.</summary>
    Normal,
}

/// <summary>One op, or one form of it, to be run by both engines.</summary>
/// <param name="Name">What it is called in the test's name.</param>
/// <param name="Build">Makes inputs and op, gives what is fetched.</param>
/// <param name="Types">The element types to run it in.</param>
/// <param name="Judge">How numbers are compared.</param>
/// <param name="Gradients">Whether the gradients of all floating-point inputs are compared too.</param>
/// <param name="Runs">How often it is run in one session, all results compared.</param>
internal sealed record OpCase(string Name, Func<OpInputs, IReadOnlyList<Tensor>> Build, DType[] Types, Judge Judge = Judge.General, bool Gradients = true, int Runs = 1)
{
    public override string ToString() => Name;
}
