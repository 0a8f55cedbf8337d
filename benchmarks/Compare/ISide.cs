namespace AlexNetTF.Benchmarks;

/// <summary>One side of the comparison: this library or a peer.</summary>
internal interface ISide : IDisposable
{
    /// <summary>The call that a row of batches or steps times, the way a user makes it.</summary>
    Action Call(string row);
}
