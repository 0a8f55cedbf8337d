using System.Net;
using System.Net.Sockets;

namespace AlexNetTF.Testing;

/// <summary>The loopback address.</summary>
public static class Loopback
{
    /// <summary>Ports that nobody listens on.</summary>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        foreach (TcpListener listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (TcpListener listener in listeners) listener.Stop();
        return ports;
    }
}
