namespace AlexNetTF.Execution;

/// <summary>What both engines say about a session that has ended.</summary>
internal static class EngineState
{
    /// <summary>Engines end with their session, which is what a user has disposed.</summary>
    public static void ThrowIfDisposed(bool disposed)
    {
        if (disposed) throw Ended();
    }

    private static ObjectDisposedException Ended() => new("AlexNetTF.Session");
}
