using AlexNetTF.Kernels;

namespace AlexNetTF;

internal sealed class MirrorPadOp(PadMode mode) : OpDef
{
    public override string Type => "MirrorPad";

    public override Gradient Gradient => Gradient.Of((op, dy) =>
        [op.Graph.Add(new MirrorPadGradOp(mode), [dy[0], op.Inputs[1]]), null]);

    public override void DescribeAttributes(AttributeMap attributes, Operation op)
    {
        PadRule.Describe(attributes, op);
        attributes.Add("mode", MirrorBoxes.NameOf(mode));
    }

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs) => [inputs[0] with { Shape = PadRule.Infer(inputs) }];

    public override Kernel CreateKernel(KernelSpec spec)
    {
        int[] input = spec.Input(0).Dims;
        long[] source = StridedCopy.RowMajor(input), target = StridedCopy.RowMajor(spec.Output(0).Dims);
        int size = spec.Output(0).Type.Size();
        return MoveKernel.Of(spec, MirrorBoxes.Of(spec, input, mode).Select(box => new Move(
            0,
            Dot(box, part => part.Inner, source),
            0,
            Dot(box, part => part.Outer, target),
            new StridedCopy(size, [.. box.Select(part => part.Length)], [.. box.Select((part, i) => part.Step * source[i])], target))));
    }

    private static long Dot(MirrorPart[] box, Func<MirrorPart, int> place, long[] strides) => box.Select((part, i) => place(part) * strides[i]).Sum();
}

/// <summary>A stretch of one dimension: outer positions Outer, Outer+1 … show inner positions Inner, Inner+Step ….</summary>
internal readonly record struct MirrorPart(int Outer, int Inner, int Length, int Step);

/// <summary>The boxes of a mirrored border: in each dimension the part before, the inside, and the part after.</summary>
internal static class MirrorBoxes
{
    public static string NameOf(PadMode mode) => mode == PadMode.Reflect ? "REFLECT" : "SYMMETRIC";

    public static IEnumerable<MirrorPart[]> Of(KernelSpec spec, int[] inner, PadMode mode)
    {
        long[] paddings = spec.Integers(1);
        IEnumerable<MirrorPart[]> boxes = [[]];
        for (int i = 0; i < inner.Length; i++)
        {
            List<MirrorPart> parts = Parts(spec, inner[i], paddings[2 * i], paddings[(2 * i) + 1], mode);
            boxes = [.. boxes.SelectMany(box => parts.Select(part => (MirrorPart[])[.. box, part]))];
        }

        return boxes;
    }

    // Reflect leaves the outermost element out, so one element fewer is there to be mirrored.
    private static List<MirrorPart> Parts(KernelSpec spec, int size, long before, long after, PadMode mode)
    {
        int skip = mode == PadMode.Reflect ? 1 : 0;
        if (Math.Max(before, after) > Math.Max(0, size - skip))
        {
            throw spec.Error($"mode {NameOf(mode)} mirrors at most {Math.Max(0, size - skip)} elements of a dimension of {size}; the paddings are {before} and {after}");
        }

        var parts = new List<MirrorPart>
        {
            new(0, (int)before - 1 + skip, (int)before, -1),
            new((int)before, 0, size, 1),
            new((int)before + size, size - 1 - skip, (int)after, -1),
        };
        parts.RemoveAll(part => part.Length == 0);
        return parts;
    }
}
