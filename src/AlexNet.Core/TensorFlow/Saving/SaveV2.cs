using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>Writes tensors (inputs 3 …) to a checkpoint: prefix, names and slices are inputs 0, 1 and 2.</summary>
internal sealed class SaveV2Op : OpDef
{
    private const int FirstTensor = 3;

    public override string Type => "SaveV2";

    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.None("the op has no outputs");

    public override void DescribeAttributes(AttributeMap attributes, Operation op) =>
        attributes.Add("dtypes", [.. op.Inputs.Skip(FirstTensor).Select(input => input.DType)]);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (inputs.Count <= FirstTensor) throw inputs.Error("prefix, names, slices and at least one tensor are needed");
        SavedNames.Check(inputs, inputs.Count - FirstTensor);
        return [];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        string[] names = SavedNames.Read(spec);
        return Kernel.Of(context => Save(context, names));
    }

    private static unsafe void Save(KernelContext context, string[] names)
    {
        using var writer = new CheckpointWriter(Encoding.UTF8.GetString(context.InputString(0)));
        for (int i = 0; i < names.Length; i++)
        {
            TensorInfo info = context.InputInfo(FirstTensor + i);
            writer.Add(names[i], (DataType)(int)info.Type, Array.ConvertAll(info.Dims, size => (long)size), (byte*)context.InputPointer(FirstTensor + i));
        }

        writer.Commit();
    }
}

/// <summary>The names that the save ops take: constants, one for each tensor, without slices.</summary>
internal static class SavedNames
{
    public static void Check(InferenceContext inputs, int count)
    {
        inputs.WithRank(0, 0);
        for (int i = 0; i < 3; i++)
        {
            if (inputs[i].Type != DType.String) throw inputs.Error($"input {i} must be a string");
            if (i > 0 && inputs.WithRank(i, 1)[0] is { } length && length != count) throw inputs.Error($"input {i} must hold {count} strings, one for each tensor; it holds {length}");
        }
    }

    public static string[] Read(KernelSpec spec)
    {
        TensorData? names = spec.Constant(1), slices = spec.Constant(2);
        if (names is null || slices is null) throw spec.Error("names and slices must be constants");
        if (Array.Exists(slices.Strings, slice => slice.Length > 0)) throw spec.Error("slices of variables are not supported by this engine; save and restore whole ones");
        return Array.ConvertAll(names.Strings, Encoding.UTF8.GetString);
    }
}
