using NumSharp;

namespace AlexNetTF.Execution;

/// <summary>What a session needs of whoever computes.</summary>
internal interface IEngine : IDisposable
{
    /// <summary>Runs the fetches; the place of a fetched operation holds null. A trace, where given, gets the steps' times once the run has ended.</summary>
    NDArray?[] Run(ReadOnlySpan<Fetch> fetches, Feeds? feeds, RunTrace? trace, CancellationToken cancellation);

    /// <summary>Replaces variables' values, all or none: every <see cref="VariableWrite.Fill"/> runs before any variable changes.</summary>
    void Write(IReadOnlyList<VariableWrite> writes);

    /// <summary>
    /// Hands out where variables' values lie, row-major, without a copy where the engine holds them: valid and unchanged until
    /// <paramref name="use"/> returns, which must not run or write anything in the session.
    /// </summary>
    /// <exception cref="RunException">A variable has no value.</exception>
    void Read(IReadOnlyList<Operation> variables, Action<IReadOnlyList<nint>> use);

    /// <summary>Whether the variable has a value.</summary>
    bool IsInitialized(Operation variable);

    /// <summary>The random ops' counters by node name.</summary>
    IReadOnlyDictionary<string, ulong> GetRandomCounters();

    /// <summary>Sets the random ops' counters; ops that are not named start at 0.</summary>
    void SetRandomCounters(IReadOnlyDictionary<string, ulong> counters);
}

/// <summary>A new value for a variable, written straight into the memory that will hold it.</summary>
/// <param name="Variable">The variable's operation.</param>
/// <param name="Fill">Writes all elements, row-major, at the address given.</param>
/// <param name="Map">Gives memory that holds the values already, or null where there is none; an engine that keeps variables elsewhere does not ask.</param>
internal sealed record VariableWrite(Operation Variable, Action<nint> Fill, Func<OwnedMemory?>? Map = null);
