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

    /// <summary>Whether the variable has a value in the session.</summary>
    public static bool IsInitialized(this Variable variable, Session session) => session.Engine.IsInitialized(variable.Op);
}
