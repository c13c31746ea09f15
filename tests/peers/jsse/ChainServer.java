// A TLS server on Java's own TLS (JSSE), as WebSphere and Tomcat use it: it sends exactly the chain that stands in
// its keystore entry. Run from source: java ChainServer.java KEYSTORE PASSWORD PORT [protocols=TLSv1.2,TLSv1.3]
// [clientAuth=none|want|need] [truststore=FILE]. Prints READY when it listens.

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

public final class ChainServer {
    private static final byte[] REPLY = ("HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n"
            + "Connection: close\r\n\r\nok\n").getBytes(StandardCharsets.US_ASCII);

    public static void main(String[] args) throws Exception {
        char[] password = args[1].toCharArray();
        Map<String, String> options = new HashMap<>();
        for (int i = 3; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            options.put(pair[0], pair[1]);
        }

        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(load(args[0], password), password);
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(options.containsKey("truststore") ? load(options.get("truststore"), password) : null);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);

        SSLServerSocket server = (SSLServerSocket) context.getServerSocketFactory()
                .createServerSocket(Integer.parseInt(args[2]), 50, InetAddress.getByName("127.0.0.1"));
        if (options.containsKey("protocols")) {
            server.setEnabledProtocols(options.get("protocols").split(","));
        }
        server.setWantClientAuth("want".equals(options.get("clientAuth")));
        if ("need".equals(options.get("clientAuth"))) {
            server.setNeedClientAuth(true);
        }
        System.out.println("READY");
        while (true) {
            Socket client = server.accept();
            Thread thread = new Thread(() -> serve(client));
            thread.setDaemon(true);
            thread.start();
        }
    }

    private static KeyStore load(String file, char[] password) throws Exception {
        return KeyStore.getInstance(new File(file), password); // tells PKCS#12 from JKS by itself
    }

    private static void serve(Socket client) {
        try (client) {
            client.setSoTimeout(10_000);
            BufferedReader in = new BufferedReader(
                    new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
            String line = in.readLine();
            while (line != null && !line.isEmpty()) {
                line = in.readLine();
            }
            OutputStream out = client.getOutputStream();
            out.write(REPLY);
            out.flush();
        } catch (IOException failed) {
            System.out.println("connection: " + failed);
        }
    }
}
