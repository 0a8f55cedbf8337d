using System.Net;
using System.Net.Sockets;
using System.Text;

namespace AlexNetTF.Tests.Weights;

/// <summary>An HTTP server on the loopback address whose every answer a test writes by hand, lies included.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Request, Task> _answer;
    private readonly Task _accepting;
    private int _count;

    /// <param name="answer">Called for each request; the connection closes when it returns.</param>
    public LoopbackServer(Func<Request, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/file");

    public int Requests => _count;

    public void Dispose()
    {
        _stop.Cancel();
        _accepting.Wait();
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var open = new List<Task>();
        try
        {
            while (true)
            {
                open.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(open);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                NetworkStream stream = client.GetStream();
                string head = await ReadHeadAsync(stream);
                await _answer(new Request(Interlocked.Increment(ref _count), head, stream, _stop.Token));
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // The client went away, as some tests make it do.
                return;
            }
        }
    }

    private async Task<string> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        byte[] one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    /// <summary>One request and the means to answer it.</summary>
    internal sealed record Request(int Number, string Head, NetworkStream Stream, CancellationToken Stop)
    {
        /// <summary>The first byte that a Range header asks for; 0 without one.</summary>
        public int From
        {
            get
            {
                int at = Head.IndexOf("bytes=", StringComparison.OrdinalIgnoreCase);
                return at < 0 ? 0 : int.Parse(Head.AsSpan(at + 6, Head.IndexOf('-', at) - at - 6), System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        public async Task SendAsync(string status, string headers, ReadOnlyMemory<byte> body)
        {
            await Stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\n{headers}Connection: close\r\n\r\n"), Stop);
            await Stream.WriteAsync(body, Stop);
        }

        /// <summary>What an honest server does: the whole, or the rest from the byte asked for.</summary>
        public Task SendFileAsync(byte[] file) => From == 0
            ? SendAsync("200 OK", $"Content-Length: {file.Length}\r\nETag: \"a\"\r\n", file)
            : From < file.Length
                ? SendAsync("206 Partial Content", $"Content-Length: {file.Length - From}\r\nContent-Range: bytes {From}-{file.Length - 1}/{file.Length}\r\n", file.AsMemory(From))
                : SendAsync("416 Range Not Satisfiable", $"Content-Length: 0\r\nContent-Range: bytes */{file.Length}\r\n", default);
    }
}
