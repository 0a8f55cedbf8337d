namespace AlexNetTF;

/// <summary>Symbolic differentiation, as TensorFlow's <c>tf.gradients</c> does it: the same nodes with the same names.</summary>
public static class Gradients
{
    /// <summary>Adds operations that compute the derivative of the sum of <paramref name="ys"/> with respect to each of <paramref name="xs"/>.</summary>
    /// <param name="ys">The tensors to differentiate.</param>
    /// <param name="xs">The tensors to differentiate by; a variable stands for its memory.</param>
    /// <param name="gradYs">What flows into each of <paramref name="ys"/>; ones where null.</param>
    /// <param name="stopGradients">Tensors that count as constant.</param>
    /// <param name="name">The name scope.</param>
    /// <param name="gateGradients">Whether all gradients of an operation are computed before any is used, as TensorFlow's optimizers ask.</param>
    /// <returns>One tensor per x; null where no path leads from a y to it.</returns>
    /// <exception cref="GraphException">A path leads through an op that has no gradient; the message names the path.</exception>
    public static Tensor?[] Compute(
        IReadOnlyList<Tensor> ys,
        IReadOnlyList<Tensor> xs,
        IReadOnlyList<Tensor?>? gradYs = null,
        IReadOnlyList<Tensor>? stopGradients = null,
        string? name = null,
        bool gateGradients = false)
    {
        if (ys.Count == 0) throw new GraphException("Gradients need at least one tensor to differentiate.");
        if (gradYs is not null && gradYs.Count != ys.Count) throw new GraphException($"There are {ys.Count} tensors to differentiate and {gradYs.Count} incoming gradients; there must be one each.");
        using NameScope scope = ys[0].Graph.NameScope(name ?? "gradients");
        return new Backpropagation(ys, xs, stopGradients ?? [], gateGradients).Run(gradYs);
    }

    /// <summary>The derivatives of one tensor's sum with respect to variables.</summary>
    /// <inheritdoc cref="Compute(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, string, bool)"/>
    /// <param name="y">The tensor to differentiate, such as a loss.</param>
    /// <param name="variables">The variables.</param>
    public static Tensor?[] Compute(Tensor y, IEnumerable<Variable> variables) => Compute([y], [.. variables.Select(variable => variable.Reference)]);

    /// <summary>The derivatives of one tensor's sum with respect to other tensors.</summary>
    /// <inheritdoc cref="Compute(IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, IReadOnlyList{Tensor}, string, bool)"/>
    /// <param name="y">The tensor to differentiate, such as a loss.</param>
    /// <param name="xs">The tensors to differentiate by.</param>
    public static Tensor?[] Compute(Tensor y, params Tensor[] xs) => Compute([y], xs);
}
