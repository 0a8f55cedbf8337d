namespace AlexNetTF;

/// <summary>
/// Builds the gradients of an operation's inputs from those of its outputs.
/// </summary>
/// <param name="op">The operation.</param>
/// <param name="outputGradients">One per output; zeros where nothing flows back to a floating-point output, null for other outputs.</param>
/// <returns>One per input; null where no gradient exists.</returns>
public delegate IReadOnlyList<Tensor?> GradientFunction(Operation op, IReadOnlyList<Tensor> outputGradients);

/// <summary>How a gradient flows through an op: by a function, not at all, or not in a way that could be computed.</summary>
public sealed class Gradient
{
    private Gradient(GradientFunction? function, string reason, bool isError)
    {
        Function = function;
        Reason = reason;
        IsError = isError;
    }

    /// <summary>The function, or null.</summary>
    public GradientFunction? Function { get; }

    /// <summary>Why there is none, "" where there is.</summary>
    public string Reason { get; }

    /// <summary>Whether asking for a gradient through the op is an error rather than the end of the path.</summary>
    public bool IsError { get; }

    /// <summary>The gradient is what the function builds.</summary>
    public static Gradient Of(GradientFunction function) => new(function, "", false);

    /// <summary>Nothing flows through the op, as through a comparison: the path ends without an error.</summary>
    public static Gradient None(string reason) => new(null, reason, false);

    /// <summary>The op has no gradient, and asking for one is an error with this reason.</summary>
    public static Gradient NotDifferentiable(string reason) => new(null, reason, true);
}
