using AlexNetTF.Kernels;

namespace AlexNetTF;

public static partial class MathOps
{
    internal static Tensor Reduce(OpDef def, Tensor x, int[]? axis, bool keepDims, string? name)
    {
        if (axis is not null) return Reduce(def, x, (Operand)axis, name);
        Tensor result = Reduce(def, x, (Operand)AllAxes(x), name);
        if (!keepDims && !result.Shape.IsFullyDefined) result.SetShape(Shape.Scalar);
        return result;
    }

    internal static Tensor Reduce(OpDef def, Tensor x, Operand axis, string? name)
    {
        using NameScope scope = x.Graph.NameScope(name ?? def.DefaultName);
        return x.Graph.Add(def, [x, axis.ToTensor(x.Graph, DType.Int32, "reduction_indices")], scope.Name);
    }

    private static Tensor AllAxes(Tensor x) => x.Shape.HasRank
        ? ((Operand)Enumerable.Range(0, x.Shape.Rank).ToArray()).ToTensor(x.Graph, DType.Int32, "Const")
        : ArrayOps.Range(0, ArrayOps.Rank(x), 1);
}

/// <summary>An op that makes one element of all along some dimensions: input 0 the tensor, input 1 the dimensions, negative ones from the end.</summary>
internal abstract class ReductionOp(bool keepDims) : OpDef
{
    /// <summary>Whether reduced dimensions stay with size 1.</summary>
    public bool KeepDims => keepDims;

    /// <summary>The types that the op takes.</summary>
    protected virtual DType[] Types => NumberTypes.All;

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        attributes.Add("T", op.Inputs[0].DType);
        attributes.Add("Tidx", op.Inputs[1].DType);
        attributes.Add("keep_dims", keepDims);
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        DType type = inputs.Require(0, Types);
        inputs.Require(1, [DType.Int32, DType.Int64]);
        Shape shape = inputs[0].Shape;
        if (!shape.HasRank) return [new(type, Shape.Unknown)];
        if (inputs.Integers(1) is not { } given) return [new(type, keepDims ? Shape.OfRank(shape.Rank) : Shape.Unknown)];
        int[] axes = ReductionAxes.Of(given, shape.Rank, out string? problem);
        if (problem is not null) throw inputs.Error(problem);
        var sizes = new List<int?>();
        for (int d = 0; d < shape.Rank; d++)
        {
            if (!axes.Contains(d)) sizes.Add(shape[d]);
            else if (keepDims) sizes.Add(1);
        }

        return [new(type, new Shape([.. sizes]))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] axes = ReductionAxes.Of(spec.Integers(1), spec.Input(0).Rank, out string? problem);
        if (problem is not null) throw spec.Error(problem);

        // Over no dimension at all, as where a gradient's shape turns out not to be broadcast.
        return axes.Length == 0 ? Kernel.Alias() : Make(spec.Input(0).Type, new ReductionPlan(spec.Input(0).Dims, axes));
    }

    /// <summary>The kernel for an element type.</summary>
    protected abstract Kernel Make(DType type, ReductionPlan plan);
}

/// <summary>The dimensions that a reduction is told of.</summary>
internal static class ReductionAxes
{
    /// <summary>The dimensions from 0 in ascending order.</summary>
    public static int[] Of(long[] given, int rank, out string? problem)
    {
        problem = null;
        var axes = new SortedSet<int>();
        foreach (long axis in given)
        {
            if (axis < -rank || axis >= rank) problem = $"dimension {axis} does not exist; the tensor has {rank}, so −{rank} to {rank - 1} are allowed";
            else if (!axes.Add((int)(axis < 0 ? axis + rank : axis))) problem = $"dimension {axis} is named twice in {string.Join(", ", given)}";
        }

        return [.. axes];
    }
}

/// <summary>The kernel of a reduction.</summary>
internal sealed unsafe class ReductionKernel<T, TPartial, TReduction>(ReductionPlan plan) : Kernel
    where T : unmanaged
    where TPartial : unmanaged
    where TReduction : struct, IReduction<TReduction, T, TPartial>
{
    public override long WorkspaceBytes => plan.InnerIsReduced
        ? new StretchLoop<T, TPartial, TReduction>(plan, null, null, null).PartialBytes
        : new ColumnLoop<T, TPartial, TReduction>(plan, null, null, null).PartialBytes;

    public override void Run(KernelContext context)
    {
        T* x = (T*)context.InputPointer(0), y = (T*)context.OutputPointer(0);
        var partials = (TPartial*)context.Workspace;
        if (plan.InnerIsReduced)
        {
            var loop = new StretchLoop<T, TPartial, TReduction>(plan, x, y, partials);
            Workers.For(context.Threads, loop.Blocks, loop);
            loop.Finish();
        }
        else
        {
            var loop = new ColumnLoop<T, TPartial, TReduction>(plan, x, y, partials);
            Workers.For(context.Threads, loop.Blocks, loop);
            loop.Finish();
        }
    }
}
