using System.Numerics;

namespace AlexNetTF;

public static partial class StateOps
{
    /// <summary>Adds to a variable (<c>tf.assign_add</c>).</summary>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="value">What to add, of the variable's type and shape.</param>
    /// <param name="name">The node's name.</param>
    /// <returns>The reference, to be read after the addition.</returns>
    public static Tensor AssignAdd(Tensor variable, Operand value, string? name = null) => Change(new AssignAddOp(), variable, value, name);

    /// <summary>Subtracts from a variable (<c>tf.assign_sub</c>).</summary>
    /// <inheritdoc cref="AssignAdd"/>
    /// <param name="variable">The variable's reference.</param>
    /// <param name="value">What to subtract, of the variable's type and shape.</param>
    /// <param name="name">The node's name.</param>
    public static Tensor AssignSub(Tensor variable, Operand value, string? name = null) => Change(new AssignSubOp(), variable, value, name);

    private static Tensor Change(OpDef def, Tensor variable, Operand value, string? name)
    {
        Graph graph = variable.Graph;
        using NameScope scope = graph.NameScope(name ?? def.DefaultName);
        return graph.Add(def, [variable, value.ToTensor(graph, variable.DType, "value")], scope.Name);
    }
}

/// <summary>An op that changes a variable by a value of its own shape.</summary>
internal abstract class AssignChangeOp : OpDef
{
    public override IReadOnlyList<int> WrittenInputs => [0];

    public override Gradient Gradient => Gradient.NotDifferentiable("an assignment changes a variable");

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[1].DType);
        attributes.Add("use_locking", false);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (!inputs.IsReference(0)) throw inputs.Error("input 0 must be a variable's reference, not a value read from it");
        DType type = inputs.SameType(0, 1);
        if (type == DType.Bool) throw inputs.Error("truth values cannot be added");
        Shape merged = inputs[0].Shape.MergeWith(inputs[1].Shape)
            ?? throw inputs.Error($"the value's shape {inputs[1].Shape} must be the variable's, {inputs[0].Shape}");
        return [new(type, merged, IsReference: true)];
    }

    public override Kernel CreateKernel(KernelSpec spec) => spec.Input(0).Type switch
    {
        DType.Float32 => new ChangeKernel<float>(this),
        DType.Float64 => new ChangeKernel<double>(this),
        DType.Int32 => new ChangeKernel<int>(this),
        DType.Int64 => new ChangeKernel<long>(this),
        DType.Int16 => new ChangeKernel<short>(this),
        DType.Int8 => new ChangeKernel<sbyte>(this),
        _ => new ChangeKernel<byte>(this),
    };

    protected abstract void Change<T>(Span<T> variable, ReadOnlySpan<T> value)
        where T : unmanaged, INumber<T>;

    private sealed class ChangeKernel<T>(AssignChangeOp op) : Kernel
        where T : unmanaged, INumber<T>
    {
        public override int AliasedInput => 0;

        public override void Run(KernelContext context) => op.Change(context.Written<T>(0), context.Input<T>(1));
    }
}

internal sealed class AssignAddOp : AssignChangeOp
{
    public override string Type => "AssignAdd";

    protected override void Change<T>(Span<T> variable, ReadOnlySpan<T> value)
    {
        for (int i = 0; i < variable.Length; i++) variable[i] = unchecked(variable[i] + value[i]);
    }
}

internal sealed class AssignSubOp : AssignChangeOp
{
    public override string Type => "AssignSub";

    protected override void Change<T>(Span<T> variable, ReadOnlySpan<T> value)
    {
        for (int i = 0; i < variable.Length; i++) variable[i] = unchecked(variable[i] - value[i]);
    }
}
