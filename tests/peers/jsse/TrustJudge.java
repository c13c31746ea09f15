// What Java's PKIX trust manager makes of chains. Run from source: java TrustJudge.java; on standard input one case a
// line: FOLDER, with roots.pem and chain.pem in it. Prints a line for each: OK, or NO and the reason.

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

public final class TrustJudge {
    public static void main(String[] args) throws Exception {
        BufferedReader cases = new BufferedReader(new InputStreamReader(System.in));
        for (String folder = cases.readLine(); folder != null; folder = cases.readLine()) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            int number = 0;
            for (Certificate root : read(folder + "/roots.pem")) {
                store.setCertificateEntry("root" + number++, root);
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(store);
            X509Certificate[] chain = read(folder + "/chain.pem").toArray(new X509Certificate[0]);
            String said = "OK";
            for (TrustManager manager : trust.getTrustManagers()) {
                try {
                    ((X509TrustManager) manager).checkServerTrusted(chain, "ECDHE_RSA");
                } catch (CertificateException refused) {
                    said = "NO " + refused.getMessage().replace('\n', ' ');
                }
            }
            System.out.println(said);
        }
    }

    private static Collection<? extends Certificate> read(String file) throws Exception {
        try (InputStream input = new FileInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(input);
        }
    }
}
