using System.Text;
using AlexNetTF.TensorFlow;
using AlexNetTF.TensorFlow.Protos;

namespace AlexNetTF;

/// <summary>Reads tensors from a checkpoint: prefix, names and slices are the inputs.</summary>
internal sealed class RestoreV2Op(DType[] types) : OpDef
{
    private readonly Shape[] expected = [.. types.Select(_ => Shape.Unknown)];

    public override string Type => "RestoreV2";

    public override bool IsStateful => true;

    public override Gradient Gradient => Gradient.None("the inputs are strings");

    /// <summary>
    /// Tells the shape of the variable that takes an output: a run needs its size before the file is read. The op's static
    /// shapes stay unknown, as in TensorFlow.
    /// </summary>
    public void Expect(int output, Shape shape) => expected[output] = shape;

    public override void DescribeAttributes(AttributeMap attributes, Operation op) => attributes.Add("dtypes", types);

    public override IReadOnlyList<TensorSpec> Infer(InferenceContext inputs)
    {
        if (types.Length == 0) throw inputs.Error("at least one tensor must be restored");
        SavedNames.Check(inputs, types.Length);
        return [.. types.Select((type, i) => new TensorSpec(type, inputs.IsBuilding ? Shape.Unknown : expected[i]))];
    }

    public override Kernel CreateKernel(KernelSpec spec)
    {
        string[] names = SavedNames.Read(spec);
        return Kernel.Of(context => Restore(context, names));
    }

    private static unsafe void Restore(KernelContext context, string[] names)
    {
        using CheckpointReader reader = CheckpointReader.Open(Encoding.UTF8.GetString(context.InputString(0)));
        for (int i = 0; i < names.Length; i++)
        {
            CheckpointEntry entry = reader.Find(names[i])
                ?? throw new RunException(RunErrorCode.NotFound, $"The checkpoint {reader.Prefix} holds no \"{names[i]}\". It was written from another graph; name the variables to restore when the Saver is made.");
            TensorInfo info = context.OutputInfo(i);
            if (entry.Proto.Dtype != (DataType)(int)info.Type) throw context.Error($"\"{names[i]}\" is {info.Type.Name()} in the graph and {entry.TypeName} in {reader.Prefix}");
            if (!entry.Dimensions.AsSpan().SequenceEqual(Array.ConvertAll(info.Dims, size => (long)size))) throw context.Error($"\"{names[i]}\" has the shape [{string.Join(",", info.Dims)}] in the graph and {Shapes.Text(entry.Dimensions)} in {reader.Prefix}");
            reader.ReadInto(entry, (byte*)context.OutputPointer(i));
        }
    }
}
