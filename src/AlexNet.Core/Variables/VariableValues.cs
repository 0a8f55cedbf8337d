using AlexNetTF.Execution;
using NumSharp;

namespace AlexNetTF;

/// <summary>Moving variables' values in and out of a session without operations in the graph.</summary>
public static unsafe class VariableValues
{
    /// <summary>Gives the variable a new value in one session (<c>variable.load(value, session)</c>).</summary>
    /// <param name="variable">The variable.</param>
    /// <param name="value">An array of the variable's shape and element type.</param>
    /// <param name="session">The session.</param>
    /// <exception cref="GraphException">Shape or element type differ.</exception>
    public static void Load(this Variable variable, NDArray value, Session session)
    {
        if (!NDArrays.HasDims(value, variable.Shape.ToArray()) || NDArrays.TypeOf(value) != variable.DType)
        {
            throw new GraphException($"{variable} cannot take an array of {NDArrays.TypeOf(value).Name()} [{string.Join(",", value.shape)}].");
        }

        session.Engine.Write([new VariableWrite(variable.Op, address => NDArrays.CopyTo(value, (void*)address))]);
    }

    /// <summary>
    /// Hands out float variables' values, row-major, without a copy where the engine holds them: valid until <paramref name="use"/>
    /// returns, which must not run or write anything in the session.
    /// </summary>
    /// <exception cref="RunException">A variable has no value.</exception>
    internal static void Use(Session session, IReadOnlyList<Variable> variables, Action<IReadOnlyList<ReadOnlyMemory<float>>> use)
    {
        if (variables.FirstOrDefault(variable => variable.DType != DType.Float32) is { } other) throw new GraphException($"{other} does not hold float32.");
        session.Engine.Read(
            [.. variables.Select(variable => variable.Op)],
            places => use([.. places.Select((place, i) => (ReadOnlyMemory<float>)new NativeSpan<float>(place, checked((int)Shape.CountOf(variables[i].Shape.ToArray()))).Memory)]));
    }

    /// <summary>Whether the variable has a value in the session.</summary>
    public static bool IsInitialized(this Variable variable, Session session) => session.Engine.IsInitialized(variable.Op);
}
