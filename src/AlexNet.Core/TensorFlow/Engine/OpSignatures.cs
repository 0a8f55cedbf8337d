using AlexNetTF.TensorFlow.Protos;
using OpSignature = AlexNetTF.TensorFlow.Protos.OpDef;

namespace AlexNetTF.TensorFlow;

/// <summary>TensorFlow's own description of its ops: which of an op's inputs are lists, and which attributes it knows.</summary>
internal sealed unsafe class OpSignatures(GraphHandle graph)
{
    private readonly Dictionary<string, OpSignature> known = new(StringComparer.Ordinal);

    /// <summary>The description of an operation's op.</summary>
    /// <exception cref="RunException">TensorFlow has no such op.</exception>
    public OpSignature Of(Operation op)
    {
        if (known.TryGetValue(op.Type, out OpSignature? signature)) return signature;
        NativeBuffer* buffer = NativeMethods.TF_NewBuffer();
        try
        {
            using var status = new NativeStatus();
            NativeMethods.TF_GraphGetOpDef(graph, op.Type, buffer, status.Handle);
            if (status.Code != 0) throw new RunException(RunErrorCode.Unimplemented, $"{op}: TensorFlow {TensorFlowLibrary.Version} has no op '{op.Type}'. Run this graph with Engine.Managed.");
            signature = OpSignature.Parser.ParseFrom(new ReadOnlySpan<byte>((void*)buffer->Data, checked((int)buffer->Length)));
        }
        finally
        {
            NativeMethods.TF_DeleteBuffer(buffer);
        }

        known.Add(op.Type, signature);
        return signature;
    }

    /// <summary>How many of an operation's inputs each argument takes; −1 for an argument that is no list.</summary>
    public static IEnumerable<int> InputCounts(OpSignature signature, AttributeMap attributes)
    {
        foreach (OpSignature.Types.ArgDef argument in signature.InputArg)
        {
            yield return argument switch
            {
                { NumberAttr.Length: > 0 } => checked((int)(long)attributes[argument.NumberAttr]!),
                { TypeListAttr.Length: > 0 } => ((IReadOnlyList<DType>)attributes[argument.TypeListAttr]!).Count,
                _ => -1,
            };
        }
    }
}
